using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.Counter;

/// <summary>How far an application has come. 申請の状態</summary>
public enum ApplicationState
{
    /// <summary>受付済</summary>
    Received,

    /// <summary>実在性確認済</summary>
    Matched,

    /// <summary>本人性確認済</summary>
    Proven,

    /// <summary>鍵ペア生成済</summary>
    KeyPairMade,

    /// <summary>発行待ち: the notice is in the outbox.</summary>
    Waiting,

    /// <summary>発行済: certificate and key are on the card.</summary>
    Issued,

    /// <summary>交付済</summary>
    Delivered,

    /// <summary>不発行</summary>
    Refused,
}

/// <summary>An application and all that the counter has done about it. 発行申請</summary>
public sealed record IssuanceApplication
{
    public required string Id { get; init; }

    public required string Municipality { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public required ApplicationState State { get; init; }

    public required ApplicationForm Form { get; init; }

    /// <summary>Who did the last step.</summary>
    public required string Officer { get; init; }

    public string? ResidentId { get; init; }

    /// <summary>Without the document's number but for its last four characters.</summary>
    public IdentityEvidence? Identity { get; init; }

    /// <summary>As the certificate will show them, with the substitutes.</summary>
    public CertifiedAttributes? Certified { get; init; }

    public KeyKind? KeyKind { get; init; }

    public string? SubjectCommonName { get; init; }

    /// <summary>PKCS#10, DER.</summary>
    public byte[]? CertificationRequest { get; init; }

    /// <summary>Which card the key pair is on.</summary>
    public string? CardNumber { get; init; }

    /// <summary>The serial number of the certificate that this one takes the place of. (CPS 3-2)</summary>
    public string? Renews { get; init; }

    public string? NoticeId { get; init; }

    /// <summary>Upper-case hexadecimal.</summary>
    public string? Serial { get; init; }

    /// <summary>DER.</summary>
    public byte[]? Certificate { get; init; }

    public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>Why nothing was issued.</summary>
    public Refusal? Refusal { get; init; }

    public override string ToString() => $"application {Id}";
}
