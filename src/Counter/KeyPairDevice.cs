using System.Security.Cryptography;
using Jpki.Card;
using Jpki.Cps;
using Jpki.X509;

namespace Jpki.Counter;

/// <summary>The kinds of key a resident may have. 鍵長 (CPS 6-1-2-3)</summary>
public enum KeyKind
{
    Rsa2048,
    Rsa1024,
    P256,
}

/// <summary>The password the applicant types twice at the device, checked. パスワード (CPS 6-4-2-1)</summary>
internal sealed class ChosenPassword
{
    private ChosenPassword(string text) => Text = text;

    public string Text { get; }

    public static Outcome<ChosenPassword> Of(string typed, string typedAgain) =>
        typed != typedAgain ? new Refusal("6-4-2-1", "2回入力されたパスワードが一致しません。")
        : CardPassword.Objection(typed) is not null
            ? new Refusal("6-4-2-1", $"パスワードは、英数字{CardPassword.Shortest}文字以上{CardPassword.Longest}文字以下にしてください。")
        : new ChosenPassword(typed);

    public override string ToString() => "(password)";
}

/// <summary>A holder's key on its way from the device to the card; erased when disposed of. 利用者の鍵ペア</summary>
internal sealed class HolderKey(AsymmetricAlgorithm key) : IDisposable
{
    public PublicKey PublicKey { get; } = key is RSA rsa ? PublicKey.From(rsa) : PublicKey.From((ECDsa)key);

    /// <summary>The proof that the device holds the private key. 秘密鍵の所有証拠 (CPS 3-1-11)</summary>
    public byte[] Request(Name subject) => key is RSA rsa
        ? CertificationRequest.Create(subject, PublicKey, SignatureAlgorithm.Sha256WithRsa,
            hash => rsa.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
        : CertificationRequest.Create(subject, PublicKey, SignatureAlgorithm.EcdsaSha256,
            hash => ((ECDsa)key).SignHash(hash, DSASignatureFormat.Rfc3279DerSequence));

    /// <summary>Puts the key on a new card, the only place it may go to. (CPS 6-2-2-4)</summary>
    public Outcome<CardImage> MoveTo(ChosenPassword password, RandomNumberGenerator random)
    {
        var pkcs8 = key.ExportPkcs8PrivateKey();
        try
        {
            return CardImage.Initialise(pkcs8, password.Text, random);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    public void Dispose() => key.Dispose();
}

/// <summary>Where a resident's key pair is made, in the resident's presence. 鍵ペア生成装置 (CPS 6-1-2)</summary>
internal static class KeyPairDevice
{
    /// <param name="proof">Only one whose identity is proven gets to the device.</param>
    /// <param name="kind">What was asked for.</param>
    /// <param name="options">What the site allows.</param>
    public static Outcome<HolderKey> Generate(IdentityProof proof, KeyKind kind, CounterOptions options)
    {
        ArgumentNullException.ThrowIfNull(proof);
        return (kind, Allows(kind, options)) switch
        {
            (KeyKind.Rsa2048, true) => new HolderKey(RSA.Create(2048)),
            (KeyKind.Rsa1024, true) => new HolderKey(RSA.Create(1024)),
            (KeyKind.P256, true) => new HolderKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)),
            (KeyKind.Rsa1024, _) => new Refusal("6-3-2", "RSA 1024ビットは暗号のセキュリティが脆弱になったため使用できません。"),
            _ => new Refusal("6-1-2-3", "この鍵の種類は、この窓口では使用できません。"),
        };
    }

    public static bool Allows(KeyKind kind, CounterOptions options) => kind switch
    {
        KeyKind.Rsa2048 => true,
        KeyKind.Rsa1024 => options.Policy.SmallestHolderRsaKey <= 1024,
        KeyKind.P256 => options.AllowsP256,
        _ => false,
    };
}
