using System.Collections.Immutable;

namespace Jpki.Forms;

/// <summary>
/// Who may become a verifier, and under which item of the practice statement. 署名検証者等 (CPS 1-3-1(9), (11))
/// </summary>
public enum VerifierKind
{
    /// <summary>行政機関等</summary>
    AdministrativeOrgan,

    /// <summary>裁判所</summary>
    Court,

    /// <summary>指定等を受けて申請等に随伴する情報の提供・照会回答を行う者</summary>
    DesignatedInformationProvider,

    /// <summary>認定認証事業者</summary>
    AccreditedCertificationProvider,

    /// <summary>総務大臣が認定する特定認証業務を行う者</summary>
    CertifiedCertificationProvider,

    /// <summary>申請等に必要な電磁的記録を提供する団体</summary>
    RecordProvidingBody,

    /// <summary>団体署名検証者</summary>
    GroupVerifier,
}

/// <summary>A verifier's prior notice. 届出 (CPS 4-4-4-3, 4-4-4-5)</summary>
public sealed record VerifierNotification
{
    public required string Name { get; init; }

    public required VerifierKind Kind { get; init; }

    /// <summary>Which procedures the certificates will be checked for. Other use is forbidden. (CPS 2-1-6(3))</summary>
    public required string Purpose { get; init; }

    /// <summary>PKCS#10, for the client certificate it will come with.</summary>
    public required byte[] CertificationRequest { get; init; }
}

/// <summary>That the notice was received, and the agreement to be signed. 取決め (CPS 2-1-6(4))</summary>
public sealed record VerifierReceipt(string Id, string Agreement);

/// <summary>The agreement, signed (ECDSA with SHA-256, DER) with the key of the certification request.</summary>
public sealed record SignedAgreement(string Id, byte[] Signature);

/// <summary>Gives a verifier that agreed access to revocation data. アクセス権の付与</summary>
public sealed record AdmissionOrder(string Id);

/// <summary>
/// Takes a verifier's access away: the agreement ended or was broken, or the verifier wants no more of it.
/// アクセス権の取消し (CPS 4-4-4-3, 2-1-6, 2-1-7)
/// </summary>
public sealed record AdmissionEnding(string Id, string Why);

/// <summary>Which of its certificates were revoked with the admission, by serial number.</summary>
public sealed record AdmissionEnded(string Id, ImmutableArray<string> Serials);

/// <summary>
/// An admitted verifier asks for what it needs: signed (ECDSA with SHA-256, DER) with the key of the certification
/// request over <see cref="TextOf"/>.
/// </summary>
public sealed record CredentialsRequest(string Id, DateTimeOffset At, byte[] Signature)
{
    public static string TextOf(string id, DateTimeOffset at) => $"jpki credentials {id} {at.UtcDateTime:O}";
}

/// <summary>What the verifier needs to use its access. The password is shown this once.</summary>
public sealed record AdmissionAnswer
{
    public required string Id { get; init; }

    /// <summary>DER.</summary>
    public required byte[] ClientCertificate { get; init; }

    public required string LdapDn { get; init; }

    public required string LdapPassword { get; init; }
}
