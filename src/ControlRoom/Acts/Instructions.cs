using System.Security.Cryptography;
using Jpki.ControlRoom.Officers;
using Jpki.Cps;
using Jpki.Ledger;

namespace Jpki.ControlRoom.Acts;

/// <summary>An instruction as it is given.</summary>
/// <param name="Duty">The name of the duty.</param>
/// <param name="Text">What is to be done.</param>
/// <param name="DueOn">By which day (Japan time); null when that does not matter.</param>
public sealed record InstructionForm(string Duty, string Text, DateOnly? DueOn);

/// <summary>Written instructions, and the confirmation of what came of them. 指示の方法 (CPS 5-2-2②③)</summary>
public sealed class Instructions(Store store, TimeProvider clock, RandomNumberGenerator random)
{
    private const int LongestText = 2000;

    /// <summary>Those whose work a senior operator instructs. (CPS 5-2-2③)</summary>
    private static readonly Role[] Subordinates = [Role.GeneralOperator, Role.RepositoryOperator];

    public IReadOnlyList<Instruction> Open => store.Read(InstructionBooks.Open);

    public IReadOnlyList<Instruction> Closed => store.Read(db => InstructionBooks.Closed(db, 100));

    public Instruction? Find(string id) => store.Read(db => InstructionBooks.Find(db, id));

    /// <summary>Why this officer cannot instruct this work; null when he can.</summary>
    public static Refusal? Objection(OfficerOnDuty officer, Duty duty) =>
        officer.ObjectionTo(Duties.InstructWork)
        ?? (officer.Roles.Contains(Role.CaManager) || duty.Roles.All(r => Subordinates.Contains(r))
            ? null
            : new("5-2-2③", "上級操作員が指示するのは一般操作員とリポジトリ操作員の作業です。"));

    public async Task<Outcome<Instruction>> Give(OfficerOnDuty officer, InstructionForm form)
    {
        if (Duties.Find(form.Duty) is not { } duty)
            return new Refusal("5-2-2②", "そのような作業はありません。") { Field = "duty" };
        if (WrittenText.Objection("5-2-2②", "text", "指示の内容", form.Text, LongestText) is { } unwritten)
            return unwritten;
        if (Objection(officer, duty) is { } refusal)
            return await Refuse(officer, refusal);
        Instruction instruction = new()
        {
            Id = NewId(random),
            Duty = duty.Name,
            State = InstructionState.Given,
            GivenBy = officer.Id,
            GivenAt = clock.GetUtcNow(),
            DueOn = form.DueOn,
            Text = form.Text.Trim(),
        };
        await store.Write(tx =>
        {
            InstructionBooks.Add(tx, instruction);
            Record(tx, "work instructed", "ok", officer, instruction);
        });
        return instruction;
    }

    /// <summary>Says what came of work that is done outside this system.</summary>
    public Task<Outcome<Instruction>> Report(OfficerOnDuty officer, string id, string report) => Change(
        officer, id, "work reported", instruction =>
            Duties.Find(instruction.Duty)!.ObjectionTo(officer.Roles) is { } refusal ? refusal
            : instruction.State != InstructionState.Given ? NotNow(instruction)
            : WrittenText.Objection("5-2-2③", "report", "作業の結果", report, LongestText) is { } unwritten ? unwritten
            : instruction with
            {
                State = InstructionState.Reported,
                Report = report.Trim(),
                ReportedBy = officer.Id,
            });

    /// <summary>Confirms the result; nobody confirms his own. (CPS 5-2-2③)</summary>
    public Task<Outcome<Instruction>> Confirm(OfficerOnDuty officer, string id) => Change(
        officer, id, "work confirmed", instruction =>
            Objection(officer, Duties.Find(instruction.Duty)!) is { } refusal ? refusal
            : instruction.State != InstructionState.Reported ? NotNow(instruction)
            : instruction.ReportedBy == officer.Id
                ? new Refusal("5-2-2①", "自分の作業の結果は自分では確認できません。")
            : instruction with
            {
                State = InstructionState.Confirmed,
                ConfirmedBy = officer.Id,
                ConfirmedAt = clock.GetUtcNow(),
            });

    public Task<Outcome<Instruction>> Recall(OfficerOnDuty officer, string id) => Change(
        officer, id, "work recalled", instruction =>
            Objection(officer, Duties.Find(instruction.Duty)!) is { } refusal ? refusal
            : instruction.State != InstructionState.Given ? NotNow(instruction)
            : instruction with { State = InstructionState.Recalled });

    /// <summary>Lets one act follow an instruction; a second finds it used.</summary>
    internal static Refusal? Follow(StoreTransaction tx, string? id, Duty duty, string act)
    {
        if (!duty.IsInstructed)
            return null;
        if (id is null || InstructionBooks.Find(tx, id) is not { } instruction)
            return new("5-2-2②", "この作業には認証局管理責任者の指示が要ります。 The CA manager has not instructed it.");
        if (instruction.Duty != duty.Name)
            return new("5-2-2②", "その指示は別の作業のものです。 The instruction is for other work.");
        if (instruction.State != InstructionState.Given)
            return new("5-2-2②", "その指示は使用済みか、取り消されています。 The instruction was used or recalled.");
        InstructionBooks.Save(tx, instruction with { State = InstructionState.Followed, Act = act });
        return null;
    }

    /// <summary>Tells an instruction what came of the act that followed it; a dropped act leaves it unused.</summary>
    internal static void Ended(StoreTransaction tx, Act act, string? report, string by)
    {
        if (act.Instruction is not { } id || InstructionBooks.Find(tx, id) is not { } instruction)
            return;
        InstructionBooks.Save(tx, report is null
            ? instruction with { State = InstructionState.Given, Act = null }
            : instruction with { State = InstructionState.Reported, Report = report, ReportedBy = by });
    }

    internal static string NewId(RandomNumberGenerator random)
    {
        var octets = new byte[8];
        random.GetBytes(octets);
        return Convert.ToHexStringLower(octets);
    }

    private static Refusal NotNow(Instruction instruction) =>
        new("5-2-2②", $"この指示は今その段階にありません（{Words.Of(instruction.State)}）。");

    private Task<Outcome<Instruction>> Change(
        OfficerOnDuty officer, string id, string what, Func<Instruction, Outcome<Instruction>> change) =>
        store.Write(tx =>
        {
            if (InstructionBooks.Find(tx, id) is not { } instruction)
                return new Refusal("5-2-2②", "そのような指示はありません。");
            var outcome = change(instruction);
            if (outcome.IsRefused(out var refusal, out var changed))
            {
                Record(tx, what, $"refused {refusal.Clause}", officer, instruction);
                return outcome;
            }
            InstructionBooks.Save(tx, changed);
            Record(tx, what, "ok", officer, changed);
            return outcome;
        });

    private async Task<Refusal> Refuse(OfficerOnDuty officer, Refusal refusal)
    {
        await store.Write(tx => tx.Record(
            new("work instructed", clock.GetUtcNow(), $"refused {refusal.Clause}", officer.Id)));
        return refusal;
    }

    private void Record(
        StoreTransaction tx, string what, string result, OfficerOnDuty officer, Instruction instruction) =>
        tx.Record(new(what, clock.GetUtcNow(), result, officer.Id, $"{instruction.Id} {instruction.Duty}"));
}
