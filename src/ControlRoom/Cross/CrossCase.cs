using System.Collections.Immutable;
using System.Text.Json;
using Jpki.Forms;

namespace Jpki.ControlRoom.Cross;

/// <summary>How far papers about cross certificates have come.</summary>
public enum CrossState
{
    /// <summary>受付済み（審査待ち）</summary>
    Received = 0,

    /// <summary>審査済み（承認待ち）</summary>
    Examined = 1,

    /// <summary>承認済み（実施待ち）</summary>
    Approved = 2,

    /// <summary>実施済み</summary>
    Done = 3,

    /// <summary>却下</summary>
    Rejected = 4,
}

/// <summary>Papers that came in. 相互認証証明書の申請 (CPS 5-2-1-1(3))</summary>
public sealed record CrossReception
{
    /// <summary>Of the caller's choice: the same paper twice is one case.</summary>
    public required string Id { get; init; }

    /// <summary><c>cross-issue</c>, <c>cross-acceptance</c> or <c>cross-revocation</c>.</summary>
    public required string Work { get; init; }

    /// <summary>
    /// A <see cref="CrossRequest"/>, <see cref="CrossAcceptance"/> or <see cref="CrossRevocation"/>.
    /// </summary>
    public required JsonElement Subject { get; init; }

    /// <summary>How it was made sure that the requester runs the bridge CA. (CPS 4-7)</summary>
    public required string RequesterProof { get; init; }

    /// <summary>When and how the connection test went. (CPS 4-7)</summary>
    public string? ConnectionTest { get; init; }

    public required string Finding { get; init; }
}

/// <summary>What an examiner or an approver says.</summary>
public sealed record CrossFinding(string Finding, bool Passes);

/// <summary>Papers about cross certificates, with the way they have come.</summary>
public sealed record CrossCase
{
    public required string Id { get; init; }

    public required string Work { get; init; }

    /// <summary>JSON.</summary>
    public required string Subject { get; init; }

    public required string RequesterProof { get; init; }

    public required string? ConnectionTest { get; init; }

    public required CrossState State { get; init; }

    /// <summary>Reception, examination, approval, as far as they have come.</summary>
    public required ImmutableArray<CrossStage> Stages { get; init; }

    /// <summary>What the Authority made of it.</summary>
    public required CrossAnswer? Answer { get; init; }

    /// <summary>The receipt that came back from the other side. 受領書 (CPS 4-8)</summary>
    public required string? Receipt { get; init; }

    /// <summary>The order that two senior operators agree on; null before the approval.</summary>
    public string? Order => State is CrossState.Approved or CrossState.Done
        ? JsonSerializer.Serialize(
            new CrossOrder<JsonElement>(
                new()
                {
                    Case = Id,
                    RequesterProof = RequesterProof,
                    ConnectionTest = ConnectionTest,
                    Reception = Stages[0],
                    Examination = Stages[1],
                    Approval = Stages[2],
                },
                JsonSerializer.Deserialize<JsonElement>(Subject)), FormJson.Options)
        : null;
}
