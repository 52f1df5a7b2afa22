using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Hsm;
using Jpki.X509;

namespace Jpki.Card;

/// <summary>What a resident's card remembers: its key, two certificates, and who may use them. ICカード</summary>
public sealed record CardImage
{
    /// <summary>Wrong passwords until the card locks. (CPS 2-1-3(16))</summary>
    public const int Tries = 5;

    private const int CurrentVersion = 1;

    public required int Version { get; init; }

    /// <summary>PKCS#8. A real card does not give it out; this file is the card.</summary>
    public required byte[] PrivateKey { get; init; }

    /// <summary>The holder's certificate, DER; absent until the counter has written it.</summary>
    public byte[]? SignCertificate { get; init; }

    /// <summary>The governor's self-signed certificate, DER; written together with the holder's. (CPS 4-3)</summary>
    public byte[]? CaCertificate { get; init; }

    /// <summary>Argon2id hash of the password in upper case.</summary>
    public required string PasswordHash { get; init; }

    public required int TriesLeft { get; init; }

    [JsonIgnore]
    public bool IsLocked => TriesLeft == 0;

    /// <summary>The key as the card uses it: to sign, and to be asked for its public half.</summary>
    [JsonIgnore]
    public SigningKey Key => SigningKey.FromPkcs8("card", PrivateKey);

    /// <summary>A card with a key and a password and no certificate yet.</summary>
    public static Outcome<CardImage> Initialise(
        ReadOnlySpan<byte> pkcs8, string password, RandomNumberGenerator random)
    {
        if (CardPassword.Objection(password) is { } objection)
            return objection;
        return new CardImage
        {
            Version = CurrentVersion,
            PrivateKey = pkcs8.ToArray(),
            PasswordHash = Jpki.Hsm.PasswordHash.Create(CardPassword.Normalise(password), random),
            TriesLeft = Tries,
        };
    }

    /// <summary>The card with the certificates that belong to its key.</summary>
    public CardImage WithCertificates(Certificate holder, Certificate authority)
    {
        if (!holder.PublicKey.Equals(Key.PublicKey))
            throw new ArgumentException($"certificate {holder.Serial} is for another card's key", nameof(holder));
        return this with { SignCertificate = holder.Der.ToArray(), CaCertificate = authority.Der.ToArray() };
    }

    public static CardImage Read(string path)
    {
        try
        {
            return Check(JsonSerializer.Deserialize<CardImage>(SecretFile.Read(path), FormJson.Options));
        }
        catch (Exception e) when (e is JsonException or FormatException or AsnContentException)
        {
            throw new FormatException($"{path} is not a card image: {e.Message}", e);
        }
    }

    /// <summary>Replaces the file, whole or not at all.</summary>
    public void Write(string path) =>
        SecretFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(this, FormJson.Indented));

    public CardDescription Describe() => new(
        Key.PublicKey is { IsRsa: true, Bits: var bits } ? $"RSA {bits}" : $"P-{Key.PublicKey.Bits}",
        CardCertificate.Of(SignCertificate),
        CardCertificate.Of(CaCertificate),
        TriesLeft,
        IsLocked);

    /// <summary>Nothing of what it holds: it must not reach a log by accident.</summary>
    public override string ToString() => nameof(CardImage);

    private static CardImage Check(CardImage? image)
    {
        if (image?.Version != CurrentVersion)
            throw new FormatException($"its version is {image?.Version}, not {CurrentVersion}");
        if (image.TriesLeft is < 0 or > Tries)
            throw new FormatException($"{image.TriesLeft} tries left");
        _ = image.Describe();   // Its key and certificates can be read.
        return image;
    }
}
