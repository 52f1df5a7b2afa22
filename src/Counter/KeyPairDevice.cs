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
        CardPassword.Objection(typed) is not null
            ? Wrong("password", $"パスワードは、半角の英数字{CardPassword.Shortest}文字以上{CardPassword.Longest}文字以下にしてください。")
        : typed != typedAgain ? Wrong("passwordAgain", "2回入力されたパスワードが一致しません。")
        : new ChosenPassword(typed);

    private static Refusal Wrong(string field, string reason) => new("6-4-2-1", reason) { Field = field };

    public override string ToString() => "(password)";
}

/// <summary>A holder's key on its way from the device to the card; erased when disposed of. 利用者の鍵ペア</summary>
internal sealed class HolderKey(AsymmetricAlgorithm key) : IDisposable
{
    public PublicKey PublicKey { get; } = key is RSA rsa ? PublicKey.From(rsa) : PublicKey.From((ECDsa)key);

    /// <summary>
    /// Puts the key on the card, the only place it may go to, and lets the card itself sign the proof that it is there.
    /// (CPS 6-2-2-4, 3-1-11)
    /// </summary>
    /// <returns>The request for that subject.</returns>
    public byte[] MoveTo(CardWriter card, ChosenPassword password, Name subject)
    {
        card.Initialise();
        var pkcs8 = key.ExportPkcs8PrivateKey();
        try
        {
            card.ImportKey(KeyPurpose.Sign, pkcs8);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
        card.SetPassword(KeyPurpose.Sign, password.Text);
        if (card.Session.Verify(KeyPurpose.Sign, password.Text) is { } refusal)
            throw new CardException($"the card does not know the password it was given: {refusal.Clause}");
        return CertificationRequest.Create(
            subject, PublicKey, PublicKey.IsRsa ? SignatureAlgorithm.Sha256WithRsa : SignatureAlgorithm.EcdsaSha256,
            hash => card.Session.Sign(KeyPurpose.Sign, hash));
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
            (KeyKind.Rsa1024, _) => Wrong("6-3-2", "RSA 1024ビットは暗号のセキュリティが脆弱になったため使用できません。"),
            _ => Wrong("6-1-2-3", "この鍵の種類は、この窓口では使用できません。"),
        };
    }

    private static Refusal Wrong(Clause clause, string reason) => new(clause, reason) { Field = "keyKind" };

    public static bool Allows(KeyKind kind, CounterOptions options) => kind switch
    {
        KeyKind.Rsa2048 => true,
        KeyKind.Rsa1024 => options.Policy.SmallestHolderRsaKey <= 1024,
        KeyKind.P256 => options.AllowsP256,
        _ => false,
    };
}
