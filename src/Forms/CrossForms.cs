using System.Collections.Immutable;
using System.Text.Json;
using Jpki.Cps;
using Jpki.X509;

namespace Jpki.Forms;

/// <summary>Why cross certificates are exchanged: the first time, or one of the four of CPS 4-9.</summary>
public enum CrossOccasion
{
    /// <summary>新規</summary>
    First,

    /// <summary>(1) 個人認証 BCA から発行された相互認証証明書が有効期限に近づいた。</summary>
    TheirsEnds,

    /// <summary>(2) 個人認証 BCA に対して発行した相互認証証明書が有効期限に近づいた。</summary>
    OursEnds,

    /// <summary>(3) 個人認証 BCA から発行された相互認証証明書の記載内容に変更が生じる。</summary>
    TheirsChanges,

    /// <summary>(4) 個人認証 BCA に対して発行した相互認証証明書の記載内容に変更が生じる。</summary>
    OursChanges,
}

/// <summary>Why a cross certificate is ended. (CPS 4-10-1)</summary>
public enum CrossEnd
{
    /// <summary>秘密鍵の危殆化</summary>
    KeyCompromise,

    /// <summary>相互認証証明書の更新</summary>
    Renewal,

    /// <summary>相互認証の終了（基準違反を含む）</summary>
    Termination,
}

/// <summary>Who asked for the end. (CPS 4-10-2)</summary>
public enum CrossParty
{
    /// <summary>埼玉県知事</summary>
    Governor,

    /// <summary>個人認証 BCA の責任者</summary>
    Bridge,
}

/// <summary>What one officer found on the way of the papers.</summary>
public sealed record CrossStage(string Officer, DateTimeOffset At, string Finding);

/// <summary>
/// The way that an order about cross certificates has come: reception, examination, approval, each another person.
/// (CPS 5-2-1-1(3)(4)(5))
/// </summary>
public sealed record CrossPapers
{
    /// <summary>受付番号</summary>
    public required string Case { get; init; }

    /// <summary>How it was made sure that the requester runs the bridge CA. (CPS 4-7)</summary>
    public required string RequesterProof { get; init; }

    /// <summary>When and how the connection test went; null where none is asked for. 接続テスト (CPS 4-7)</summary>
    public required string? ConnectionTest { get; init; }

    public required CrossStage Reception { get; init; }

    public required CrossStage Examination { get; init; }

    public required CrossStage Approval { get; init; }

    /// <summary>Null when everybody who had a hand in it is somebody else. (CPS 5-2-2①)</summary>
    /// <param name="operators">Who agreed to do it.</param>
    public Refusal? Objection(IEnumerable<string> operators)
    {
        List<string> people = [Reception.Officer, Examination.Officer, Approval.Officer, .. operators];
        return people.Distinct(StringComparer.Ordinal).Count() < people.Count
            ? new("5-2-2①", "reception, examination, approval and issue are different people's work")
            : RequesterProof.Trim().Length == 0
                ? new("4-7", "nobody says how the requester was identified")
                : null;
    }
}

/// <summary>What two senior operators agree on: a subject, and the way its papers came.</summary>
public sealed record CrossOrder<T>(CrossPapers Papers, T Subject);

/// <summary>Asks for a certificate for the bridge CA. 相互認証証明書の発行 (CPS 4-7)</summary>
public sealed record CrossRequest
{
    public required CrossOccasion Occasion { get; init; }

    /// <summary>PKCS#10.</summary>
    public required byte[] CertificationRequest { get; init; }

    /// <summary>
    /// SHA-256 of the bridge's SubjectPublicKeyInfo, upper-case hexadecimal, as it came by another way. (CPS 6-1-1-5)
    /// </summary>
    public required string KeySha256 { get; init; }

    /// <summary>Which of the partner's policies is worth which of ours; null for the site's own choice.</summary>
    public ImmutableArray<PolicyMapping>? Mappings { get; init; }
}

/// <summary>Asks to take the certificate that the bridge CA gave us. 相互認証証明書の受領 (CPS 4-8)</summary>
public sealed record CrossAcceptance(byte[] Certificate);

/// <summary>Asks to end what we gave the bridge CA. 相互認証証明書の失効 (CPS 4-10)</summary>
public sealed record CrossRevocation(string Serial, CrossEnd Cause, CrossParty AskedBy);

/// <summary>
/// A receipt that was filed: the bridge CA's for what we gave it, or the copy of ours for what it gave us. 受領書
/// (CPS 4-8)
/// </summary>
public sealed record CrossReceipt
{
    public required string Partner { get; init; }

    /// <summary>Of the certificate that was received, upper-case hexadecimal.</summary>
    public required string Serial { get; init; }

    /// <summary>True for what we gave them, false for what they gave us.</summary>
    public required bool IsOurs { get; init; }

    /// <summary>Number and date of the paper.</summary>
    public required string Receipt { get; init; }
}

/// <summary>How far an exchange has come with a receipt.</summary>
/// <param name="IsMutual">Both certificates are received: the pair is published. (CPS 4-8)</param>
public sealed record CrossCompletion(bool IsMutual);

/// <summary>What an order about cross certificates came to: what the receipt says.</summary>
public sealed record CrossAnswer
{
    public required string Serial { get; init; }

    public required string Partner { get; init; }

    /// <summary>DER.</summary>
    public required byte[] Certificate { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>An order about cross certificates that the Authority refused, kept for inspection. (CPS 4-7, 4-8)</summary>
/// <param name="At">When.</param>
/// <param name="What">At which act.</param>
/// <param name="Clause">By which clause.</param>
/// <param name="Reason">Why.</param>
/// <param name="Case">受付番号: whose papers they were.</param>
/// <param name="Order">The order as it came: papers and subject.</param>
public sealed record CrossRefusal(
    DateTimeOffset At, string What, string Clause, string Reason, string Case, JsonElement Order);

/// <summary>The governor's own request, for the bridge's procedure. PKCS#10. (CPS 4-6)</summary>
public sealed record CrossApplication(byte[] CertificationRequest);

/// <summary>A cross certificate as those see it who watch over its renewal. (CPS 4-9)</summary>
public sealed record CrossStanding
{
    public required string Partner { get; init; }

    public required string Serial { get; init; }

    /// <summary>True for what we gave them, false for what they gave us.</summary>
    public required bool IsOurs { get; init; }

    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>Its receipt is filed. (CPS 4-8)</summary>
    public required bool HasReceipt { get; init; }

    /// <summary>What it would say otherwise if it were issued now; empty when nothing.</summary>
    public required IReadOnlyList<string> Changes { get; init; }
}
