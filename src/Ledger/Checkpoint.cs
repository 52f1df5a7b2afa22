using System.Globalization;

namespace Jpki.Ledger;

/// <summary>A signed statement of a log's size and root (C2SP tlog-checkpoint inside a C2SP signed-note).</summary>
public sealed record Checkpoint(string Origin, long Size, ReadOnlyMemory<byte> Root)
{
    /// <summary>The text that is signed.</summary>
    public string Body => string.Create(CultureInfo.InvariantCulture,
        $"{Origin}\n{Size}\n{Convert.ToBase64String(Root.Span)}\n");

    /// <summary>As a signed note.</summary>
    public string Sign(LogKey key) => SignedNote.Sign(Body, key);

    /// <summary>
    /// Reads a note and checks the key's signature on it; FormatException says what is wrong with it.
    /// </summary>
    public static Checkpoint Open(string note, LogPublicKey key)
    {
        var body = SignedNote.TextOf(note, out var signatures);
        var checkpoint = ReadBody(body);
        if (checkpoint.Origin != key.Name)
            throw new FormatException($"the checkpoint is of {checkpoint.Origin}, not of {key.Name}");
        if (!SignedNote.IsSigned(body, signatures, key))
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
}
