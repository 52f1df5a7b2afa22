using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Jpki.Ledger;

/// <summary>A signed statement of a log's size and root (C2SP tlog-checkpoint inside a C2SP signed-note).</summary>
public sealed record Checkpoint(string Origin, long Size, ReadOnlyMemory<byte> Root)
{
    private const string SignaturePrefix = "— ";

    /// <summary>The text that is signed.</summary>
    public string Body => string.Create(CultureInfo.InvariantCulture,
        $"{Origin}\n{Size}\n{Convert.ToBase64String(Root.Span)}\n");

    /// <summary>The note: body, blank line, <c>— name base64(hash || signature)</c>.</summary>
    public string Sign(LogKey key)
    {
        var signed = new byte[4 + 64];
        BinaryPrimitives.WriteUInt32BigEndian(signed, key.PublicKey.Hash);
        key.Sign(Encoding.UTF8.GetBytes(Body)).CopyTo(signed.AsSpan(4));
        return $"{Body}\n{SignaturePrefix}{key.Name} {Convert.ToBase64String(signed)}\n";
    }

    /// <summary>
    /// Reads a note and checks the key's signature on it; FormatException says what is wrong with it.
    /// </summary>
    public static Checkpoint Open(string note, LogPublicKey key)
    {
        var end = note.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0 || !note.EndsWith('\n'))
            throw new FormatException("the checkpoint is not a signed note");
        var body = note[..(end + 1)];
        var checkpoint = ReadBody(body);
        if (checkpoint.Origin != key.Name)
            throw new FormatException($"the checkpoint is of {checkpoint.Origin}, not of {key.Name}");
        if (!IsSigned(body, note[(end + 2)..^1].Split('\n'), key))
            throw new FormatException("the checkpoint's signature is not the key's");
        return checkpoint;
    }

    public bool Equals(Checkpoint? other) => other is not null && Body == other.Body;

    public override int GetHashCode() => Body.GetHashCode(StringComparison.Ordinal);

    private static Checkpoint ReadBody(string body)
    {
        var lines = body.Split('\n');
        if (lines.Length < 4 || !long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            throw new FormatException("the checkpoint is not origin, size and root");
        var checkpoint = new Checkpoint(lines[0], size, Convert.FromBase64String(lines[2]));
        // Our logs write no extension lines; one spelling only, so that every changed octet shows.
        return checkpoint.Body == body && checkpoint.Root.Length == Frontier.HashSize ? checkpoint
            : throw new FormatException("the checkpoint is not in its one spelling");
    }

    private static bool IsSigned(string body, string[] signatures, LogPublicKey key)
    {
        // Other people's signatures (witnesses) may stand beside ours; C2SP says to ignore what one does not know.
        var ours = $"{SignaturePrefix}{key.Name} ";
        foreach (var line in signatures)
        {
            if (!line.StartsWith(ours, StringComparison.Ordinal))
                continue;
            var text = line[ours.Length..];
            var bytes = Convert.FromBase64String(text);
            if (bytes.Length == 4 + 64 && BinaryPrimitives.ReadUInt32BigEndian(bytes) == key.Hash)
            {
                return Convert.ToBase64String(bytes) == text
                    && key.Verify(Encoding.UTF8.GetBytes(body), bytes.AsSpan(4));
            }
        }
        return false;
    }
}
