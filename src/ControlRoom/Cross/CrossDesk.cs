using System.Text.Json;
using Jpki.ControlRoom.Acts;
using Jpki.ControlRoom.Officers;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Ledger;

namespace Jpki.ControlRoom.Cross;

/// <summary>
/// Where papers about cross certificates are received, examined and approved, each step by another person and each on
/// disk, before two senior operators do what they ask for. (CPS 5-2-1-1(3)(4)(5))
/// </summary>
public sealed class CrossDesk(Store store, TimeProvider clock, NeighbourDoor authority)
{
    private const int LongestText = 500;

    /// <summary>What waits for somebody first.</summary>
    public IReadOnlyList<CrossCase> All => store.Read(CrossCases.All);

    public CrossCase? Find(string id) => store.Read(db => CrossCases.Find(db, id));

    /// <summary>Takes papers in. The same again is answered with the case as it is. (CPS 5-2-1-1(3))</summary>
    /// <exception cref="JsonException">The subject is none of its work.</exception>
    public Task<Outcome<CrossCase>> Receive(OfficerOnDuty officer, CrossReception form)
    {
        var objection = officer.ObjectionTo(Duties.ReceiveCrossPapers) ?? CrossWorks.Objection(form)
            ?? TextObjection(form.RequesterProof, "requesterProof") ?? TextObjection(form.Finding, "finding");
        return store.Write(tx =>
        {
            if (objection is not null)
                return Refuse(tx, officer, "cross papers received", objection);
            if (CrossCases.Find(tx, form.Id) is { } known)
            {
                return known.Subject == form.Subject.GetRawText() && known.Work == form.Work
                    ? known
                    : Refuse(tx, officer, "cross papers received", NumberIsUsed);
            }
            CrossCases.Add(tx, form);
            CrossCases.AddStage(tx, form.Id, 0, new(officer.Id, clock.GetUtcNow(), form.Finding.Trim()));
            Record(tx, officer, "cross papers received", "ok", form.Id);
            return CrossCases.Find(tx, form.Id)!;
        });
    }

    /// <summary>審査 (CPS 5-2-1-1(4))</summary>
    public Task<Outcome<CrossCase>> Examine(OfficerOnDuty officer, string id, CrossFinding said) => Step(
        officer, id, said, "cross papers examined", Duties.ExamineCrossPapers, CrossState.Received);

    /// <summary>承認 (CPS 5-2-1-1(5))</summary>
    public Task<Outcome<CrossCase>> Approve(OfficerOnDuty officer, string id, CrossFinding said) => Step(
        officer, id, said, "cross papers approved", Duties.ApproveCrossPapers, CrossState.Examined);

    /// <summary>
    /// Files the receipt that the other side gave for what it got, or a copy of the one that it was given; the
    /// Authority publishes the pair once it knows of both. 受領書 (CPS 4-8)
    /// </summary>
    /// <exception cref="HttpRequestException">The Authority cannot be reached; nothing was filed.</exception>
    public async Task<Outcome<CrossCase>> File(OfficerOnDuty officer, string id, string receipt)
    {
        const string Filed = "cross receipt filed";
        var known = Find(id);
        var objection = officer.ObjectionTo(Duties.ReceiveCrossPapers) ?? TextObjection(receipt, "receipt")
            ?? (known is null ? Unknown : known.State != CrossState.Done ? NotNow : null)
            ?? await Tell(officer, known!, receipt.Trim());
        return await store.Write(tx =>
        {
            if (objection is not null)
                return Refuse(tx, officer, Filed, objection);
            CrossCases.SetReceipt(tx, id, receipt.Trim());
            Record(tx, officer, Filed, "ok", id);
            return CrossCases.Find(tx, id)!;
        });
    }

    /// <summary>Null when the order says what was approved and nothing else, for the first time.</summary>
    internal Refusal? Objection(string work, string orderJson)
    {
        var papers = ActKind.Read<CrossOrder<JsonElement>>(orderJson).Papers;
        return Find(papers.Case) is not { } known ? Unknown
            : known.State != CrossState.Approved ? NotNow
            : known.Work != work || !IsSame(known.Order!, orderJson)
                ? new("5-2-1-1(5)", "承認された書類と違います。 Not what was approved.")
            : null;
    }

    /// <summary>What came of it, beside the papers.</summary>
    internal Task Done(string orderJson, CrossAnswer answer)
    {
        var papers = ActKind.Read<CrossOrder<JsonElement>>(orderJson).Papers;
        return store.Write(tx => CrossCases.SetAnswer(tx, papers.Case, answer));
    }

    /// <summary>The end of a certificate has no receipt that anything waits for.</summary>
    private async Task<Refusal?> Tell(OfficerOnDuty officer, CrossCase known, string receipt) =>
        known.Work == CrossWorks.Revocation ? null
        : (await authority.Send<CrossCompletion>(
            "operators/cross/receipts", new OfficerOrder<CrossReceipt>(officer.Id, new()
            {
                Partner = known.Answer!.Partner,
                Serial = known.Answer.Serial,
                IsOurs = known.Work == CrossWorks.Issue,
                Receipt = receipt,
            }))).Refusal;

    private static Refusal Unknown { get; } =
        new("5-2-1-1(3)", "そのような受付番号はありません。 There is no such case.");

    private static Refusal NotNow { get; } =
        new("5-2-1-1(4)", "この申請は今その段階にありません。 The papers are not at this stage.");

    private static Refusal NumberIsUsed { get; } =
        new("5-2-1-1(3)", "この番号は別の申請に使われています。 The number was used for other papers.");

    /// <summary>The same JSON, however it is spelled.</summary>
    private static bool IsSame(string one, string other)
    {
        using var left = JsonDocument.Parse(one);
        using var right = JsonDocument.Parse(other);
        return JsonElement.DeepEquals(left.RootElement, right.RootElement);
    }

    private static Refusal? TextObjection(string text, string field) =>
        text.Trim() is { Length: > 0 and <= LongestText }
            ? null
            : new Refusal("4-7", $"{LongestText} 文字以内で書いてください。") { Field = field };

    private Task<Outcome<CrossCase>> Step(
        OfficerOnDuty officer, string id, CrossFinding said, string what, Duty duty, CrossState from)
    {
        var objection = officer.ObjectionTo(duty) ?? TextObjection(said.Finding, "finding");
        return store.Write(tx =>
        {
            var known = CrossCases.Find(tx, id);
            if ((objection ?? StepObjection(known, officer, from)) is { } no)
                return Refuse(tx, officer, what, no);
            CrossCases.AddStage(
                tx, id, known!.Stages.Length, new(officer.Id, clock.GetUtcNow(), said.Finding.Trim()));
            CrossCases.SetState(tx, id, said.Passes ? from + 1 : CrossState.Rejected);
            Record(tx, officer, what, said.Passes ? "ok" : "rejected", id);
            return CrossCases.Find(tx, id)!;
        });
    }

    private static Refusal? StepObjection(CrossCase? known, OfficerOnDuty officer, CrossState from) =>
        known is null ? Unknown
        : known.State != from ? NotNow
        : known.Stages.Any(s => s.Officer == officer.Id)
            ? new("5-2-2①", "受付、審査、承認は別の人が行います。 Each stage is another person's.")
        : null;

    private Outcome<CrossCase> Refuse(StoreTransaction tx, OfficerOnDuty officer, string what, Refusal refusal)
    {
        tx.Record(new(what, clock.GetUtcNow(), $"refused {refusal.Clause}", officer.Id));
        return refusal;
    }

    private void Record(StoreTransaction tx, OfficerOnDuty officer, string what, string result, string id) =>
        tx.Record(new(what, clock.GetUtcNow(), result, officer.Id, id));
}
