using System.Text.Json.Serialization;

namespace Jpki.Card;

/// <summary>The two key pairs a card has room for.</summary>
public enum KeyPurpose
{
    /// <summary>For signatures: the one the practice statement knows. 電子署名</summary>
    Sign,

    /// <summary>For proving who one is, as later cards do; no certificate of ours is for it. 利用者証明</summary>
    Authenticate,
}

/// <summary>One key pair of a card with what belongs to it; everything is absent on a blank card. 鍵ペア</summary>
public sealed record KeySlot
{
    public static KeySlot Blank { get; } = new();

    /// <summary>PKCS#8. A real card does not give it out; this file is the card.</summary>
    public byte[]? PrivateKey { get; init; }

    /// <summary>The holder's certificate, DER.</summary>
    public byte[]? Certificate { get; init; }

    /// <summary>The self-signed certificate of whoever issued it, DER.</summary>
    public byte[]? CaCertificate { get; init; }

    /// <summary>Argon2id hash of the password in upper case; absent until one is set.</summary>
    public string? PasswordHash { get; init; }

    public int TriesLeft { get; init; }

    /// <summary>Also when there is no password yet: nothing can be verified either way.</summary>
    [JsonIgnore]
    public bool IsLocked => TriesLeft == 0;

    /// <summary>Nothing of what it holds.</summary>
    public override string ToString() => nameof(KeySlot);
}
