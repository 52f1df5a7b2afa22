using Microsoft.Win32.SafeHandles;

namespace Jpki.Repository;

/// <summary>
/// Octets that answers are made of: short ones in memory, long ones in their file, from which they are read piece by
/// piece. The next publication may unlink the file; it goes when the last answer that reads it does.
/// </summary>
internal sealed class StoredOctets
{
    private readonly ReadOnlyMemory<byte> held;
    private readonly SafeFileHandle? file;

    internal StoredOctets(ReadOnlyMemory<byte> held) => (this.held, Length) = (held, held.Length);

    private StoredOctets(SafeFileHandle file) =>
        (this.file, Length) = (file, checked((int)RandomAccess.GetLength(file)));

    internal int Length { get; }

    internal bool IsLong => file is not null;

    /// <param name="path">A file that nobody writes to any more.</param>
    /// <param name="longestHeld">Octets up to which it is held in memory.</param>
    internal static StoredOctets Open(string path, int longestHeld) => new FileInfo(path).Length > longestHeld
        ? new(File.OpenHandle(path, share: FileShare.Read | FileShare.Delete))
        : new StoredOctets(File.ReadAllBytes(path));

    internal ReadOnlyMemory<byte> All()
    {
        if (file is null)
            return held;
        var all = new byte[Length];
        for (var read = 0; read < Length;)
            read += Read(read, all.AsSpan(read));
        return all;
    }

    /// <summary>At least one octet from there on.</summary>
    internal int Read(int offset, Span<byte> into)
    {
        into = into[..Math.Min(into.Length, Length - offset)];
        if (file is null)
        {
            held.Span.Slice(offset, into.Length).CopyTo(into);
            return into.Length;
        }
        return RandomAccess.Read(file, into, offset) is > 0 and var read
            ? read
            : throw new EndOfStreamException("a published object was cut short");
    }

    internal bool Holds(ReadOnlySpan<byte> octets) => Length == octets.Length && All().Span.SequenceEqual(octets);
}
