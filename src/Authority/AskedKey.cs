using Jpki.X509;

namespace Jpki.Authority;

/// <summary>
/// A public key that shall be certified, and the question whether who asks holds its private half. The answer costs a
/// signature check, so it is asked last. 秘密鍵の所有証拠 (CPS 3-1-11)
/// </summary>
internal sealed record AskedKey(PublicKey PublicKey, Func<bool> IsProven)
{
    public static implicit operator AskedKey(CertificationRequest request) =>
        new(request.PublicKey, () => request.IsSelfSigned);
}
