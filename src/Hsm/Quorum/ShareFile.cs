using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.Hsm.Quorum;

/// <summary>
/// A share as its custodian keeps it: a file of mode 0600, encrypted (AES-256-GCM) under a passphrase (Argon2id) or
/// under a key that only his card gives back. Its head is readable, so that a wrong file is told from a wrong
/// passphrase. (CPS 6-4-1-2)
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

    /// <summary>A key to put a new share under, from the custodian's passphrase or his card and its PIN.</summary>
    internal static Outcome<ShareKey> KeyFor(PersonalCard? card, string secret, RandomNumberGenerator random)
    {
        if (card is not null)
        {
            return CardKeys.Wrap(card, secret, random).IsRefused(out var no, out var wrapped)
                ? no : new ShareKey(wrapped.Item1, null, wrapped.Item2);
        }
        if (ObjectionTo(secret) is { } weak)
            return weak;
        var salt = new byte[SaltSize];
        random.GetBytes(salt);
        return new ShareKey(PasswordHash.Stretch(secret, salt), salt, null);
    }

    internal static void Write(string path, Share share, ShareKey key, RandomNumberGenerator random)
    {
        Head head = new(share.Set, share.Index, share.Custodian, key.Salt, key.Card);
        var envelope = Envelope.Seal(key.Octets, share.Value, Context(head), random);
        Content content = new(head, envelope, Checksum(head, envelope));
        SecretFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(content, FormJson.Indented));
    }

    /// <summary>Opens a custodian's share, or says why not.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="secret">The passphrase; the card's PIN when it is under a card.</param>
    /// <param name="card">The card; null when it is under a passphrase.</param>
    public static Outcome<Share> Open(string path, string secret, PersonalCard? card = null)
    {
        if (!File.Exists(path))
            return new Refusal("6-2-1-2", $"there is no share at {path}");
        if (Read(path) is not { } file)
            return new Refusal("6-4-1-2", $"{path} is no share or is corrupted; have the shares renewed by the others");
        if (KeyOf(file.Head, secret, card, path).IsRefused(out var no, out var key))
            return no;
        try
        {
            var value = Envelope.Open(key, file.Envelope, Context(file.Head));
            return new Share(file.Head.Set, file.Head.Index, file.Head.Custodian, value)
            {
                Card = file.Head.Card?.PublicKey,
            };
        }
        catch (CryptographicException)
        {
            return file.Head.Card is null
                ? new Refusal("5-2-3", $"{path}: wrong passphrase")
                : new Refusal("6-4-1-2", $"{path} does not fit what its card gives back: one of them was changed");
        }
    }

    private static Outcome<byte[]> KeyOf(Head head, string secret, PersonalCard? card, string path) =>
        (head.Card, card) switch
        {
            (null, null) => PasswordHash.Stretch(secret, head.Salt!),
            ({ } wrap, { }) => CardKeys.Unwrap(card, secret, wrap),
            (null, _) => new Refusal("6-4-1-2", $"{path} is under a passphrase, not under a card"),
            _ => new Refusal("6-4-1-2", $"{path} is under a card; the ceremony's file must name it"),
        };

    private static Content? Read(string path)
    {
        var octets = SecretFile.Read(path);
        if (octets.Length > LargestFile)
            return null;
        try
        {
            var file = JsonSerializer.Deserialize<Content>(octets, FormJson.Options);
            return file is { Head: { Index: >= 1 and <= Shamir.MostShares } head }
                && (head.Card is null ? head.Salt is { Length: SaltSize } : head.Salt is null)
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

    private sealed record Head(
        ShareSet Set, int Index, string Custodian,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] byte[]? Salt = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] CardWrap? Card = null);

    private sealed record Content(Head Head, byte[] Envelope, string Checksum);
}

/// <summary>What a new share is put under: 32 octets, and what opens them again.</summary>
internal sealed record ShareKey(byte[] Octets, byte[]? Salt, CardWrap? Card)
{
    public override string ToString() => "(key)";
}
