using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Jpki.Forms;
using Jpki.Hsm;

namespace Jpki.Card;

/// <summary>What a resident's card remembers: its keys, their certificates, and who may use them. ICカード</summary>
public sealed record CardImage
{
    public const int NumberLength = 16;

    private const int CurrentVersion = 2;

    public required int Version { get; init; }

    /// <summary>16 letters and digits, made by chance: which card this is, and nothing about its holder.</summary>
    public required string Number { get; init; }

    /// <summary>Whoever has it may write the card. It never leaves.</summary>
    public required byte[] DeviceKey { get; init; }

    public KeySlot Sign { get; init; } = KeySlot.Blank;

    public KeySlot Authenticate { get; init; } = KeySlot.Blank;

    /// <summary>The holder's certificate, DER; absent until the counter has written it.</summary>
    [JsonIgnore]
    public byte[]? SignCertificate => Sign.Certificate;

    /// <summary>The governor's self-signed certificate, DER; written together with the holder's. (CPS 4-3)</summary>
    [JsonIgnore]
    public byte[]? CaCertificate => Sign.CaCertificate;

    /// <summary>The device key, for a device that has the card's file and no secret of a site.</summary>
    [JsonIgnore]
    public DeviceKey Device => Card.DeviceKey.Of(DeviceKey);

    /// <summary>A card as it comes from its maker: a number and a device key.</summary>
    public static CardImage Blank(string number, DeviceKey device) => Check(new()
    {
        Version = CurrentVersion,
        Number = number,
        DeviceKey = [.. device.Octets],
    });

    public static string NewNumber(RandomNumberGenerator random)
    {
        var octets = new byte[NumberLength / 2];
        random.GetBytes(octets);
        return Convert.ToHexString(octets);
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

    public CardDescription Describe() => new()
    {
        Number = Number,
        Key = CardKey.Describe(Sign.PrivateKey),
        SignCertificate = CardCertificate.Of(Sign.Certificate),
        CaCertificate = CardCertificate.Of(Sign.CaCertificate),
        TriesLeft = Sign.TriesLeft,
        AuthenticationCertificate = CardCertificate.Of(Authenticate.Certificate),
        AuthenticationTriesLeft = Authenticate.TriesLeft,
    };

    /// <summary>Nothing of what it holds: it must not reach a log by accident.</summary>
    public override string ToString() => nameof(CardImage);

    internal KeySlot this[KeyPurpose purpose] => purpose == KeyPurpose.Sign ? Sign : Authenticate;

    internal CardImage With(KeyPurpose purpose, KeySlot slot) =>
        purpose == KeyPurpose.Sign ? this with { Sign = slot } : this with { Authenticate = slot };

    private static CardImage Check(CardImage? image)
    {
        if (image?.Version != CurrentVersion)
            throw new FormatException($"its version is {image?.Version}, not {CurrentVersion}");
        if (image.Number.Length != NumberLength || !image.Number.All(char.IsAsciiLetterOrDigit))
            throw new FormatException("its number is not 16 letters and digits");
        _ = image.Device;
        foreach (var purpose in Enum.GetValues<KeyPurpose>())
            Check(image[purpose], CardPassword.TriesOf(purpose));
        return image;
    }

    private static void Check(KeySlot slot, int tries)
    {
        if (slot.TriesLeft < 0 || slot.TriesLeft > tries || (slot.PasswordHash is null && slot.TriesLeft != 0))
            throw new FormatException($"{slot.TriesLeft} tries left");
        if (slot.PasswordHash is { } hash && !hash.StartsWith("$argon2id$", StringComparison.Ordinal))
            throw new FormatException("its password is not kept as Argon2id");
        if (slot.PrivateKey is { } key)
            CardKey.Open(key).Dispose();
        _ = CardCertificate.Of(slot.Certificate);
        _ = CardCertificate.Of(slot.CaCertificate);
    }
}
