using System.Security.Cryptography;
using System.Text.Json;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Ledger;

namespace Jpki.Hsm.Ceremonies;

/// <summary>What somebody at the table is asked for.</summary>
/// <param name="Id">Who.</param>
/// <param name="Japanese">What for.</param>
/// <param name="English">The same.</param>
/// <param name="IsNew">Whether he chooses it now: then a terminal asks twice.</param>
/// <param name="IsPin">Whether it is his card's PIN, not a passphrase or password.</param>
public sealed record Question(string Id, string Japanese, string English, bool IsNew, bool IsPin = false);

/// <summary>The room that a ceremony is held in.</summary>
public sealed record CeremonyTable
{
    /// <summary>Asks somebody for a passphrase, so that nobody else sees it.</summary>
    public required Func<Question, string> Ask { get; init; }

    /// <summary>Shows all a line.</summary>
    public required Action<string> Show { get; init; }

    public required FileLog Log { get; init; }

    public required TimeProvider Clock { get; init; }

    public required RandomNumberGenerator Random { get; init; }

    public bool IsDryRun { get; init; }
}

/// <summary>
/// Follows a ceremony's file: shows each step, asks each person in turn, and leaves a record sealed in the log. The
/// first step that does not succeed is the last. 鍵の儀式 (CPS 5-2-2, 6-1-1-1)
/// </summary>
public sealed class Ceremony(CeremonyFile file, string digest, CeremonyTable table)
{
    private readonly List<CeremonyStepRecord> done = [];

    public async Task<CeremonyRecord> Run()
    {
        var beganAt = table.Clock.GetUtcNow();
        table.Show($"{file.Title}  SHA-256 {digest}{(table.IsDryRun ? "  予行 DRY RUN" : "")}");
        foreach (var (i, step) in file.Steps.Index())
            table.Show($"  {i + 1}. {CeremonyActs.Of(step).Japanese(step)} / {CeremonyActs.Of(step).English(step)}");
        // A ceremony that the log knows to have begun and not to have ended was broken off.
        await Note("key ceremony begun", beganAt, "ok", $"{file.Steps.Length} steps");
        using Quorums quorums = new(file, table);
        var result = await Follow(quorums);
        CeremonyRecord record = new()
        {
            Title = file.Title,
            Digest = digest,
            IsDryRun = table.IsDryRun,
            BeganAt = beganAt,
            EndedAt = table.Clock.GetUtcNow(),
            InstructedBy = file.InstructedBy.Id,
            Witness = file.Witness.Id,
            SeniorOperators = [.. file.SeniorOperators.Select(s => s.Id)],
            Custodians = [.. file.Custodians.Where(c => c.IsPresent).Select(c => c.Id)],
            Steps = [.. done],
            Result = result,
        };
        // Its digest in the sealed log is what makes the record signed.
        await Note("key ceremony", record.EndedAt, result, DigestOf(record));
        return record;
    }

    /// <summary>SHA-256 of the record as <see cref="FormJson.Indented"/> writes it.</summary>
    public static string DigestOf(CeremonyRecord record) =>
        CeremonyFile.DigestOf(JsonSerializer.SerializeToUtf8Bytes(record, FormJson.Indented));

    private async Task<string> Follow(Quorums quorums)
    {
        if ((file.Objection() ?? Instruct(quorums)) is { } no)
            return $"{no.Clause}: {no.Reason}";
        foreach (var (i, step) in file.Steps.Index())
        {
            var took = Take(quorums, i + 1, step);
            done.Add(took);
            await Note($"key ceremony step {i + 1}: {step.Act}", took.At, took.Result, took.English);
            if (took.Result != "ok")
                return took.Result;
        }
        return Confirm(quorums) is { } unconfirmed ? $"{unconfirmed.Clause}: {unconfirmed.Reason}" : "ok";
    }

    /// <summary>CPS 5-2-2②: the instruction comes first.</summary>
    private Refusal? Instruct(Quorums quorums) => quorums.Admit(
        file.InstructedBy, "この手順書の実施を指示する", "you instruct that this file be followed", "5-2-2②");

    private Refusal? Confirm(Quorums quorums) => quorums.Admit(
        file.Witness, "以上を見届けたことを確認する", "you confirm that you saw all this happen", "5-2-2③");

    private CeremonyStepRecord Take(Quorums quorums, int number, CeremonyStep step)
    {
        var act = CeremonyActs.Of(step);
        var (japanese, english) = (act.Japanese(step), act.English(step));
        table.Show($"{number}. {japanese}\n   {english}");
        List<string> reached = [];
        var result = Outcome(quorums, step, line =>
        {
            reached.Add(line);
            table.Show($"   … {line}");
        });
        table.Show($"   {(result == "ok" ? "完了 done" : result)}");
        return new(japanese, english, table.Clock.GetUtcNow(), result, [.. reached]);
    }

    /// <summary>The ceremony's door: however a step ends, the record is told before it goes on.</summary>
    private static string Outcome(Quorums quorums, CeremonyStep step, Action<string> reached)
    {
        try
        {
            return quorums.Take(step, reached) is { } no ? $"{no.Clause}: {no.Reason}" : "ok";
        }
        catch (Exception e) when (e is HsmException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return $"broken: {e.Message}";
        }
    }

    private Task Note(string what, DateTimeOffset at, string result, string about) => table.Log.Append(new(
        table.IsDryRun ? "dry run of " + what : what, at, result,
        $"instructed by {file.InstructedBy.Id}, witness {file.Witness.Id}, custodians "
            + string.Join(" ", file.Custodians.Where(c => c.IsPresent).Select(c => c.Id)),
        $"{about}; file SHA-256 {digest}"));
}
