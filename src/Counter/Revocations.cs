using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.Counter;

/// <summary>The paper with which a holder ends a certificate. 失効申請書 (CPS 3-4, 4-4-2)</summary>
public sealed record RevocationForm
{
    public required ApplicationForm Person { get; init; }

    /// <summary>keyCompromise or cessationOfOperation. (CPS 4-4-2-1)</summary>
    public required RevocationReason Reason { get; init; }

    /// <summary>Which certificate; the live one when absent.</summary>
    public string? Serial { get; init; }

    /// <summary>Who came; null for an agent, who shows it when the answer to the inquiry is there.</summary>
    public IdentityEvidence? Identity { get; init; }

    public override string ToString() => "(revocation form)";
}

/// <summary>How far a revocation has come.</summary>
public enum ReceiptState
{
    /// <summary>照会中: an agent brought it, and the holder is asked. Nothing is asked of the governor.</summary>
    Inquiring,

    /// <summary>受理: the notice is on its way to the governor.</summary>
    Accepted,

    /// <summary>完了</summary>
    Completed,

    /// <summary>拒否</summary>
    Refused,
}

/// <summary>What the holder gets on paper. 受理通知・完了通知 (CPS 4-4-2-2②, 4-4-2-3②)</summary>
public sealed record Receipt
{
    public required string Id { get; init; }

    public required string Municipality { get; init; }

    public required string Serial { get; init; }

    public required RevocationReason Reason { get; init; }

    /// <summary>What the register says has ended the certificate; null where the holder asked. (CPS 4-4-1-1)</summary>
    public RegisterEventKind? Event { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }

    public required ReceiptState State { get; init; }

    public required string Officer { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public Refusal? Refusal { get; init; }

    /// <summary>Holder and agent, where an agent brought the paper.</summary>
    public ApplicationForm? Person { get; init; }

    public override string ToString() => $"receipt {Id}";

    /// <summary>
    /// The words on the paper. Giving up the service is acknowledged when it is accepted; a compromised key only when
    /// its certificate is revoked. What the register ends, nobody applied for. (CPS 4-4-2-2②, 4-4-2-3②, 4-4-1-1)
    /// </summary>
    public string Text => this switch
    {
        { State: ReceiptState.Inquiring } =>
            "代理人による失効の申請を預かり、本人に照会しています。本人の回答があるまで、失効処理は依頼しません。",
        { State: ReceiptState.Refused } => $"失効処理は行われませんでした。{Refusal!.Reason}",
        { Event: not null, State: ReceiptState.Completed } =>
            $"{Wording.CauseOf(this)}により、電子証明書は{JapanTime.ForPeople(RevokedAt!.Value)}に失効しました。",
        { Event: not null } => $"{Wording.CauseOf(this)}により、埼玉県知事に電子証明書の失効処理を依頼しました。",
        { Reason: RevocationReason.KeyCompromise, State: ReceiptState.Completed } =>
            $"秘密鍵の漏えい等の届出による失効処理を、{JapanTime.ForPeople(RevokedAt!.Value)}に完了しました。",
        { Reason: RevocationReason.KeyCompromise } =>
            "秘密鍵の漏えい等の届出を受け付け、埼玉県知事に失効処理を依頼しました。完了後に、完了の書面を交付します。",
        _ => $"本サービスの利用を取りやめるための失効申請を、{JapanTime.ForPeople(AcceptedAt)}に受理しました。",
    };
}

/// <summary>What is entered at the counter when the register changes. 異動等の入力</summary>
public sealed record RegisterEntry
{
    public required string ResidentId { get; init; }

    public required RegisterEventKind Event { get; init; }

    /// <summary>The four attributes as they are now, for a change.</summary>
    public FourAttributes? Attributes { get; init; }

    /// <summary>Only where the name has changed.</summary>
    public string? NameKana { get; init; }

    public override string ToString() => $"{Event} of {ResidentId}";
}

/// <summary>
/// What became of a register entry: the person as registered now, and the certificates that end by it.
/// </summary>
public sealed record RegisterEntryAnswer(string ResidentId, RegisterEventKind Event, IReadOnlyList<Receipt> Ended);
