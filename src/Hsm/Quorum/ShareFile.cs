using System.Security.Cryptography;
using System.Text.Json;
using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.Hsm.Quorum;

/// <summary>
/// A share as its custodian keeps it: a file of mode 0600, encrypted under a passphrase (Argon2id, AES-256-GCM). Its
/// head is readable, so that a wrong file is told from a wrong passphrase. (CPS 6-4-1-2)
/// </summary>
public static class ShareFile
{
    /// <summary>Characters.</summary>
    public const int ShortestPassphrase = 12;

    private const int LargestFile = 16 * 1024;
    private const int SaltSize = 16;

    /// <summary>Where a custodian's share of a set lies in his folder.</summary>
    public static string PathOf(string folder, string custodian, string setId) =>
        Path.Combine(folder, $"{custodian}-{setId[..8]}.share");

    /// <summary>Null when a share may be put under this passphrase.</summary>
    public static Refusal? ObjectionTo(string passphrase) => passphrase.Length < ShortestPassphrase
        ? new Refusal("5-2-3", $"a share's passphrase has at least {ShortestPassphrase} characters")
        : null;

    public static void Write(string path, Share share, string passphrase, RandomNumberGenerator random)
    {
        var salt = new byte[SaltSize];
        random.GetBytes(salt);
        Head head = new(share.Set, share.Index, share.Custodian, salt);
        var envelope = Envelope.Seal(PasswordHash.Stretch(passphrase, salt), share.Value, Context(head), random);
        Content content = new(head, envelope, Checksum(head, envelope));
        SecretFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(content, FormJson.Indented));
    }

    /// <summary>Opens a custodian's share, or says why not.</summary>
    public static Outcome<Share> Open(string path, string passphrase)
    {
        if (!File.Exists(path))
            return new Refusal("6-2-1-2", $"there is no share at {path}");
        if (Read(path) is not { } file)
            return new Refusal("6-4-1-2", $"{path} is no share or is corrupted; have the shares renewed by the others");
        try
        {
            var value = Envelope.Open(
                PasswordHash.Stretch(passphrase, file.Head.Salt), file.Envelope, Context(file.Head));
            return new Share(file.Head.Set, file.Head.Index, file.Head.Custodian, value);
        }
        catch (CryptographicException)
        {
            return new Refusal("5-2-3", $"{path}: wrong passphrase");
        }
    }

    private static Content? Read(string path)
    {
        var octets = SecretFile.Read(path);
        if (octets.Length > LargestFile)
            return null;
        try
        {
            var file = JsonSerializer.Deserialize<Content>(octets, FormJson.Options);
            return file is { Head: { Index: >= 1 and <= Shamir.MostShares, Salt.Length: SaltSize } head }
                && file.Checksum == Checksum(head, file.Envelope) && head.Set.Id.Length == 32
                ? file : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[] Context(Head head) => JsonSerializer.SerializeToUtf8Bytes(head, FormJson.Options);

    /// <summary>Against accidents only; who can alter the file can alter this too, and then meets the tag.</summary>
    private static string Checksum(Head head, byte[] envelope) =>
        Convert.ToHexStringLower(SHA256.HashData([.. Context(head), .. envelope]));

    private sealed record Head(ShareSet Set, int Index, string Custodian, byte[] Salt);

    private sealed record Content(Head Head, byte[] Envelope, string Checksum);
}
