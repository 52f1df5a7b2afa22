using Jpki.Cps;

namespace Jpki.Counter;

/// <summary>A document issued by a public body, with its bearer's photograph. 写真の貼付された身分証明書</summary>
public enum IdentityDocumentKind
{
    /// <summary>運転免許証</summary>
    DrivingLicence,

    /// <summary>旅券</summary>
    Passport,

    /// <summary>写真付き住民基本台帳カード</summary>
    ResidentCard,

    /// <summary>在留カード</summary>
    ResidenceCard,

    /// <summary>特別永住者証明書</summary>
    SpecialPermanentResidentCertificate,

    /// <summary>身体障害者手帳</summary>
    DisabilityCertificate,
}

/// <summary>What the officer saw. Only the last four characters of the document's number are ever stored.</summary>
public sealed record IdentityEvidence
{
    public required IdentityDocumentKind Kind { get; init; }

    /// <summary>The document's number; cut to its last four characters before it is kept.</summary>
    public required string Number { get; init; }

    /// <summary>Null for a document without an end.</summary>
    public DateOnly? ExpiresOn { get; init; }

    /// <summary>The officer compared the bearer's face with the photograph.</summary>
    public required bool FaceMatches { get; init; }

    /// <summary>Anything that made the officer doubt.</summary>
    public bool HasDoubt { get; init; }

    /// <summary>What an agent brought besides; null when the applicant came in person.</summary>
    public AgentEvidence? Agent { get; init; }

    internal IdentityEvidence Kept => this with { Number = Number.Length > 4 ? Number[^4..] : Number };

    public override string ToString() => Kind.ToString();
}

/// <summary>The papers that make an agent one. (CPS 3-1-10①, 4-1-1)</summary>
/// <param name="HasPowerOfAttorney">委任状</param>
/// <param name="HasSealCertificate">印鑑登録証明書</param>
/// <param name="HasReplyToInquiry">照会書に対する回答書: what the books of letters say, whoever says otherwise.</param>
public sealed record AgentEvidence(bool HasPowerOfAttorney, bool HasSealCertificate, bool HasReplyToInquiry);

/// <summary>
/// Proof that the one at the counter is the one on the register, or that one's agent. There is no way to one but the
/// check. 本人性の確認 (CPS 3-1-9②)
/// </summary>
internal sealed record IdentityProof
{
    private IdentityProof(RegisterMatch match, IdentityEvidence evidence) =>
        (Resident, Evidence) = (match.Resident, evidence.Kept);

    public Resident Resident { get; }

    public IdentityEvidence Evidence { get; }

    /// <param name="match">Who it is said to be.</param>
    /// <param name="evidence">What was shown.</param>
    /// <param name="byAgent">Whether the application names an agent.</param>
    /// <param name="today">The day in Japan.</param>
    public static Outcome<IdentityProof> Of(
        RegisterMatch match, IdentityEvidence evidence, bool byAgent, DateOnly today)
    {
        if (evidence.HasDoubt)
            return new Refusal("3-1-9", "②本人性：本人確認において疑義が生じたため、発行しません。");
        if (!Enum.IsDefined(evidence.Kind))
            return Wrong("kind", "身分証明書の種類を確かめてください。");
        if (!IsNumber(evidence.Number))
            return Wrong("number", "身分証明書の番号を確かめてください。");
        if (evidence.ExpiresOn < today)
            return Wrong("expiresOn", "身分証明書の有効期限が切れています。");
        if (!evidence.FaceMatches)
            return Wrong("faceMatches", "顔写真との照合が済んでいません。");
        if (byAgent
            && evidence.Agent is not { HasPowerOfAttorney: true, HasSealCertificate: true, HasReplyToInquiry: true })
        {
            return new Refusal("3-1-10", "代理申請には、委任状、印鑑登録証明書及び照会に対する回答書が必要です。");
        }

        return new IdentityProof(match, evidence);
    }

    internal static bool IsNumber(string number) =>
        number.Length is >= 4 and <= 20 && number.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    private static Refusal Wrong(string field, string reason) => new("3-1-9", "②本人性：" + reason) { Field = field };
}
