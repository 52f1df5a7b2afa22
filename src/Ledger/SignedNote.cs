using System.Buffers.Binary;
using System.Text;

namespace Jpki.Ledger;

/// <summary>
/// A text under an Ed25519 signature (C2SP signed-note): lines, a blank line, <c>— name base64(hash || signature)</c>.
/// </summary>
public static class SignedNote
{
    private const string SignaturePrefix = "— ";

    /// <param name="text">Ends with a newline and holds no blank line.</param>
    /// <param name="key">Whose.</param>
    public static string Sign(string text, LogKey key)
    {
        var signed = new byte[4 + 64];
        BinaryPrimitives.WriteUInt32BigEndian(signed, key.PublicKey.Hash);
        key.Sign(Encoding.UTF8.GetBytes(text)).CopyTo(signed.AsSpan(4));
        return $"{text}\n{SignaturePrefix}{key.Name} {Convert.ToBase64String(signed)}\n";
    }

    /// <summary>The text, if the key signed it.</summary>
    /// <exception cref="FormatException">It is no note, or the signature is not that key's.</exception>
    public static string Open(string note, LogPublicKey key)
    {
        var text = TextOf(note, out var signatures);
        return IsSigned(text, signatures, key)
            ? text
            : throw new FormatException($"the signature is not that of {key.Name}");
    }

    /// <summary>The text, whoever signed it.</summary>
    internal static string TextOf(string note, out string[] signatures)
    {
        var end = note.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0 || !note.EndsWith('\n'))
            throw new FormatException("not a signed note");
        signatures = note[(end + 2)..^1].Split('\n');
        return note[..(end + 1)];
    }

    internal static bool IsSigned(string text, string[] signatures, LogPublicKey key)
    {
        // Other people's signatures (witnesses) may stand beside ours; C2SP says to ignore what one does not know.
        var ours = $"{SignaturePrefix}{key.Name} ";
        foreach (var line in signatures)
        {
            if (!line.StartsWith(ours, StringComparison.Ordinal))
                continue;
            var spelled = line[ours.Length..];
            var bytes = Convert.FromBase64String(spelled);
            if (bytes.Length == 4 + 64 && BinaryPrimitives.ReadUInt32BigEndian(bytes) == key.Hash)
            {
                return Convert.ToBase64String(bytes) == spelled
                    && key.Verify(Encoding.UTF8.GetBytes(text), bytes.AsSpan(4));
            }
        }
        return false;
    }
}
