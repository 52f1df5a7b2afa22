using Jpki.Cps;

namespace Jpki.Forms;

/// <summary>What a municipality tells the governor so that a certificate is issued. 発行通知 (CPS 4-2-1①)</summary>
public sealed record IssuanceNotice
{
    /// <summary>Chosen by the counter, unique: the same notice sent twice gets the same answer once.</summary>
    public required string NoticeId { get; init; }

    /// <summary>Five digits of JIS X 0402: <c>11201</c>.</summary>
    public required string Municipality { get; init; }

    /// <summary>
    /// The subject's CN: yyyyMMddHHmmss + 5-digit sequence + municipality + 4-character terminal, 28 characters.
    /// </summary>
    public required string SubjectCommonName { get; init; }

    public required CertifiedAttributes Attributes { get; init; }

    /// <summary>
    /// PKCS#10 (RFC 2986) signed with the holder's new key: the public key and the proof of possession. (CPS 3-1-11)
    /// </summary>
    public required byte[] CertificationRequest { get; init; }

    /// <summary>Who proved the applicant's identity at the counter.</summary>
    public required string Officer { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>
    /// The serial number of the holder's live certificate, which ends when the new one is issued; null when this is no
    /// renewal. 更新 (CPS 3-2, 4-4-4-2)
    /// </summary>
    [System.Text.Json.Serialization.JsonIgnore(
        Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    public string? Renews { get; init; }
}

/// <summary>The certificate, sent back to the municipality. (CPS 4-2-1②)</summary>
public sealed record IssuanceAnswer
{
    public required string NoticeId { get; init; }

    /// <summary>Upper-case hexadecimal.</summary>
    public required string Serial { get; init; }

    /// <summary>DER.</summary>
    public required byte[] Certificate { get; init; }

    /// <summary>The governor's self-signed certificate, DER: the card carries it too. (CPS 4-3-1①)</summary>
    public required byte[] AuthorityCertificate { get; init; }
}

/// <summary>
/// A municipality's request to revoke, after it has proved the holder's identity. 失効処理の依頼 (CPS 4-4-2)
/// </summary>
public sealed record RevocationNotice
{
    public required string NoticeId { get; init; }

    public required string Municipality { get; init; }

    /// <summary>Upper-case hexadecimal.</summary>
    public required string Serial { get; init; }

    /// <summary>At the counter only keyCompromise and cessationOfOperation. (CPS 4-4-2-1)</summary>
    public required RevocationReason Reason { get; init; }

    public required string Officer { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>What happened to a person in the resident register. 異動等</summary>
public enum RegisterEventKind
{
    /// <summary>One of the four attributes was changed or corrected.</summary>
    AttributesChanged,

    Died,

    /// <summary>Moved away.</summary>
    Left,
}

/// <summary>A register event that ends a certificate. 異動等失効情報 (CPS 2-1-2(8), 4-4-1-1)</summary>
public sealed record RegisterEventNotice
{
    public required string NoticeId { get; init; }

    public required string Municipality { get; init; }

    public required string Serial { get; init; }

    public required RegisterEventKind Event { get; init; }

    public required string Officer { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>The Authority's own revocation. 職権失効 (CPS 4-4-1-1)</summary>
public sealed record ExOfficioRevocation
{
    public required string NoticeId { get; init; }

    public required string Serial { get; init; }

    public required RevocationReason Reason { get; init; }
}

/// <summary>That a certificate is revoked, for the paper given to its holder. (CPS 4-4-2-2, 4-4-2-3)</summary>
public sealed record RevocationAnswer
{
    public required string NoticeId { get; init; }

    public required string Serial { get; init; }

    public required RevocationReason Reason { get; init; }

    public required DateTimeOffset RevokedAt { get; init; }

    /// <summary>The number of this change in the status feed.</summary>
    public required long FeedPosition { get; init; }
}
