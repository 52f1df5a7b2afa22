using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Jpki.ControlRoom.Officers;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Hsm;
using Jpki.Ledger;

namespace Jpki.ControlRoom.Acts;

/// <summary>
/// Where work is proposed, agreed on and done. What a second person agrees to is the digest he was shown, and an
/// approval is used once. 複数人による作業 (CPS 5-2-2①)
/// </summary>
/// <param name="store">The control room's books.</param>
/// <param name="kinds">Every kind of act there is.</param>
/// <param name="signer">The control room's own key: the Authority believes an approval under its signature.</param>
/// <param name="clock">The prefecture's time.</param>
/// <param name="random">For one-time codes.</param>
/// <param name="options">How long an act waits.</param>
public sealed class ActDesk(
    Store store, ImmutableArray<ActKind> kinds, ECDsa signer, TimeProvider clock, RandomNumberGenerator random,
    OfficerOptions options)
{
    private readonly PasswordGate gate = new(random);

    public ImmutableArray<ActKind> Kinds => kinds;

    /// <summary>Those that wait for people or whose end nobody saw, the oldest first.</summary>
    public IReadOnlyList<Act> Open => store.Read(ActBooks.Open);

    /// <summary>The newest first.</summary>
    public IReadOnlyList<Act> Closed => store.Read(db => ActBooks.Closed(db, 100));

    public Act? Find(string id) => store.Read(db => ActBooks.Find(db, id));

    public ActKind KindOf(Act act) => kinds.First(k => k.Name == act.Kind);

    /// <summary>A number for an act that is about to be proposed: the same paper twice is one act.</summary>
    public string NewId() => Instructions.NewId(random);

    /// <summary>
    /// Proposes an act, with the proposer's own yes. When that is enough, it is done. The same again is answered with
    /// the act as it is.
    /// </summary>
    /// <exception cref="JsonException">The order is none of its kind.</exception>
    public async Task<Outcome<ActStep>> Propose(
        OfficerOnDuty officer, ActKind kind, string id, string orderJson, string? instruction)
    {
        if (officer.ObjectionTo(kind.Duty) is { } notHis)
            return await Refuse("act proposed", officer, notHis, kind.Name);
        if (kind.Objection(orderJson) is { } wrong)
            return await Refuse("act proposed", officer, wrong, kind.Name);
        if (id is not { Length: >= 8 and <= 64 })
            return await Refuse("act proposed", officer, new("5-2-2①", "作業の番号が正しくありません。"), kind.Name);
        var (half, hash) = await NewHalf(kind);
        var now = clock.GetUtcNow();
        Act act = new()
        {
            Id = id,
            Kind = kind.Name,
            OrderJson = orderJson,
            State = ActState.Waiting,
            ProposedBy = officer.Id,
            ProposedAt = now,
            ExpiresAt = now + options.ApprovalLife,
            Instruction = instruction,
            Consents = [],
            Result = null,
            Secret = hash,
        };
        var added = await store.Write(tx => Add(tx, officer, kind, act));
        if (added.IsRefused(out var refusal, out var proposed))
            return await Refuse("act proposed", officer, refusal, kind.Name);
        return !proposed.IsNew ? new ActStep(proposed.Act, null)
            : proposed.Act.State == ActState.Doing ? await Do(officer, proposed.Act, half)
            : new ActStep(proposed.Act, half);
    }

    /// <summary>Another person's yes to exactly what he was shown. With enough of them the act is done.</summary>
    /// <param name="officer">Who says it.</param>
    /// <param name="id">Of the act.</param>
    /// <param name="digest">Of the order he was shown.</param>
    public async Task<Outcome<ActStep>> Consent(OfficerOnDuty officer, string id, string digest)
    {
        if (Find(id) is not { } seen)
            return await Refuse("act agreed", officer, Unknown, id);
        var (half, hash) = await NewHalf(KindOf(seen));
        var agreed = await store.Write(tx => Agree(tx, officer, id, digest, hash));
        if (agreed.IsRefused(out var refusal, out var act))
            return await Refuse("act agreed", officer, refusal, id);
        return act.State == ActState.Doing ? await Do(officer, act, half) : new ActStep(act, half);
    }

    /// <summary>Somebody whose duty it is says no, or the proposer takes it back: it will not be done.</summary>
    public async Task<Outcome<ActStep>> Drop(OfficerOnDuty officer, string id, string why)
    {
        var dropped = await store.Write(tx => Drop(tx, officer, id, why));
        return dropped.IsRefused(out var refusal, out var act)
            ? await Refuse("act dropped", officer, refusal, id)
            : new ActStep(act, null);
    }

    /// <summary>Does an act again whose end nobody saw.</summary>
    public async Task<Outcome<ActStep>> Retry(OfficerOnDuty officer, string id)
    {
        if (Find(id) is not { } act)
            return await Refuse("act done", officer, Unknown, id);
        if (officer.ObjectionTo(KindOf(act).Duty) is { } notHis)
            return await Refuse("act done", officer, notHis, id);
        if (act.State != ActState.Doing)
            return await Refuse("act done", officer, NotNow(act), id);
        return await WasDone(act)
            ? new ActStep(await End(officer, act, ActState.Done, DoneUnseen), null)
            : await Do(officer, act, null);
    }

    private const string DoneUnseen = "実施済み（応答は届かず、実施した側の記録で確かめました）。";

    private static Refusal Unknown { get; } = new("5-2-2①", "そのような作業はありません。 There is no such act.");

    private static Refusal NotNow(Act act) => new("5-2-2①", $"この作業は今その段階にありません（{Words.Of(act.State)}）。");

    private async Task<(string? Half, string? Hash)> NewHalf(ActKind kind)
    {
        if (!kind.GivesCode)
            return (null, null);
        var half = EnrolmentCode.NewHalf(random);
        return (half, await gate.Hash(half));
    }

    private Outcome<Proposed> Add(StoreTransaction tx, OfficerOnDuty officer, ActKind kind, Act act)
    {
        if (ActBooks.Find(tx, act.Id) is { } known)
        {
            return known.OrderJson == act.OrderJson && known.ProposedBy == officer.Id
                ? new Proposed(known, IsNew: false)
                : new Refusal("5-2-2①", "この番号は別の作業に使われています。 The number was used for another act.");
        }
        if (Instructions.Follow(tx, act.Instruction, kind.Duty, act.Id) is { } refusal)
            return refusal;
        ActBooks.Add(tx, act);
        Record(tx, "act proposed", "ok", officer, act);
        return new Proposed(Yes(tx, officer, kind, act), IsNew: true);
    }

    private Outcome<Act> Agree(StoreTransaction tx, OfficerOnDuty officer, string id, string digest, string? hash)
    {
        var act = ActBooks.Find(tx, id)!;
        var kind = KindOf(act);
        if (Objection(officer, act, kind, digest) is { } refusal)
            return refusal;
        if (hash is not null)
        {
            act = act with { Secret = $"{act.Secret} {hash}" };
            ActBooks.SetSecret(tx, id, act.Secret);
        }
        Record(tx, "act agreed", "ok", officer, act);
        return Yes(tx, officer, kind, act);
    }

    private Refusal? Objection(OfficerOnDuty officer, Act act, ActKind kind, string digest) =>
        officer.ObjectionTo(kind.Duty) is { } notHis ? notHis
        : act.State != ActState.Waiting ? NotNow(act)
        : act.HasEnded(clock.GetUtcNow()) ? new("5-2-2①", "承認の期限を過ぎています。 The time to agree is over.")
        : !string.Equals(digest, act.Digest, StringComparison.OrdinalIgnoreCase)
            ? new("5-2-2①", "示された内容と承認しようとする内容が違います。 Not what you were shown.")
        : act.Consents.Any(c => c.Officer == officer.Id)
            ? new("5-2-2①", "同じ人が二度承認することはできません。 The same person twice is one person.")
        : act.Consents.Any(c => c.CertificateSha256 == officer.CertificateSha256)
            ? new("5-2-2①", "同じカードで二度承認することはできません。 The same card twice is one person.")
        : null;

    private Act Yes(StoreTransaction tx, OfficerOnDuty officer, ActKind kind, Act act)
    {
        Consent consent = new(officer.Id, officer.Roles, officer.CertificateSha256, clock.GetUtcNow());
        ActBooks.AddConsent(tx, act.Id, consent);
        act = act with { Consents = act.Consents.Add(consent) };
        if (act.Consents.Length < kind.Duty.People)
            return act;
        // Durable before it is done: a crash from here on is an act whose end nobody saw.
        ActBooks.SetState(tx, act.Id, ActState.Doing, null);
        return act with { State = ActState.Doing };
    }

    private Outcome<Act> Drop(StoreTransaction tx, OfficerOnDuty officer, string id, string why)
    {
        if (ActBooks.Find(tx, id) is not { } act)
            return Unknown;
        if (officer.ObjectionTo(KindOf(act).Duty) is { } notHis)
            return notHis;
        if (act.State != ActState.Waiting)
            return NotNow(act);
        if (WrittenText.Objection("5-2-2①", "why", "理由", why, 500) is { } objection)
            return objection;
        var words = why.Trim();
        ActBooks.SetState(tx, id, ActState.Dropped, $"{officer.Id}: {words}");
        Instructions.Ended(tx, act, null, officer.Id);
        Record(tx, "act dropped", "ok", officer, act);
        return act with { State = ActState.Dropped, Result = words };
    }

    /// <summary>What it comes to is recorded; if the world breaks meanwhile, it can be done again.</summary>
    private async Task<Outcome<ActStep>> Do(OfficerOnDuty officer, Act act, string? half)
    {
        var outcome = await KindOf(act).Do(act, Papers(act));
        var (state, result) = outcome.IsRefused(out var refusal, out var text)
            ? (ActState.Refused, Words.Of(refusal))
            : (ActState.Done, text);
        var ended = await End(officer, act, state, result);
        return refusal is not null ? refusal : new ActStep(ended, half);
    }

    /// <summary>The first end that is seen stands.</summary>
    private Task<Act> End(OfficerOnDuty officer, Act act, ActState state, string result) => store.Write(tx =>
    {
        if (ActBooks.Find(tx, act.Id) is { State: not ActState.Doing } ended)
            return ended;
        ActBooks.SetState(tx, act.Id, state, result);
        Instructions.Ended(tx, act, result, officer.Id);
        Record(tx, "act done", state == ActState.Done ? "ok" : "refused", officer, act);
        return act with { State = state, Result = result };
    });

    private async Task<bool> WasDone(Act act) => KindOf(act) is { DoneAt: { } door } kind
        && (await door.Get<ApprovalUse>($"{kind.Approvals}/{act.Id}")).Value is { IsUsed: true };

    private ApprovedOrder Papers(Act act)
    {
        var order = Encoding.UTF8.GetBytes(act.OrderJson);
        ActApproval approval = new()
        {
            Id = act.Id,
            Duty = KindOf(act).Duty.Name,
            Digest = SHA256.HashData(order),
            Consents = act.Consents,
            InstructedBy = act.Instruction is { } id
                ? store.Read(db => InstructionBooks.Find(db, id))?.GivenBy
                : null,
            ExpiresAt = act.ExpiresAt,
        };
        return new() { Approval = SignedForm.Sign(approval, signer), Order = order };
    }

    private async Task<Refusal> Refuse(string what, OfficerOnDuty officer, Refusal refusal, string about)
    {
        await store.Write(tx => tx.Record(
            new(what, clock.GetUtcNow(), $"refused {refusal.Clause}", officer.Id, Known(about))));
        return refusal;
    }

    /// <summary>What a stranger typed as a number is not for the log.</summary>
    private string Known(string about) =>
        kinds.Any(k => k.Name == about) || Find(about) is not null ? about : "no known act";

    private void Record(StoreTransaction tx, string what, string result, OfficerOnDuty officer, Act act) =>
        tx.Record(new(what, clock.GetUtcNow(), result, officer.Id, $"{act.Id} {act.Kind} SHA-256 {act.Digest}"));

    private sealed record Proposed(Act Act, bool IsNew);
}
