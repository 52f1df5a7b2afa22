using System.Text.Json;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Ledger;

namespace Jpki.Authority;

/// <summary>
/// Takes a municipality's list of register events: ends what it names, in one transaction, and reports what it could
/// not match. 異動等失効情報 (CPS 2-1-2(25), 4-4-1-1)
/// </summary>
internal sealed class RegisterEventDesk(AuthorityRoom room)
{
    private readonly HolderDigest holders = new(room.Keys.HolderKey);

    /// <exception cref="JsonException">The signed body is no such list.</exception>
    public async Task<Outcome<RegisterEventReport>> Take(SignedForm form, Caller terminal)
    {
        if (form.Open<RegisterEventList>(terminal.Certificate) is not { } list)
            return await Refuse(terminal.Id, new("4-2-1", "the form is not signed with the terminal's key"));
        if (list.Municipality != terminal.Municipality)
            return await Refuse(terminal.Id, new("5-1-2-2", $"terminal {terminal.Id} is of another municipality"));
        return list.Events.Count > RegisterEventList.Longest
            ? await Refuse(terminal.Id, new("4-4-1-1", $"a list has at most {RegisterEventList.Longest} events"))
            : await room.Store.Write(tx => Take(tx, list, form, terminal));
    }

    private Outcome<RegisterEventReport> Take(
        StoreTransaction tx, RegisterEventList list, SignedForm form, Caller terminal)
    {
        if (Known(tx, list.NoticeId) is { } known)
        {
            return known.Form.AsSpan().SequenceEqual(form.Body)
                ? JsonSerializer.Deserialize<RegisterEventReport>(known.Report, FormJson.Options)!
                : new Refusal("4-2-1", "this notice number was used for another list");
        }
        List<EndedByEvent> ended = [];
        List<UnmatchedEvent> unmatched = [];
        foreach (var (index, item) in list.Events.Index())
        {
            if (End(tx, list, index + 1, item, terminal).IsRefused(out var refusal, out var answer))
                unmatched.Add(new(index + 1, refusal.Clause.Number, refusal.Reason));
            else
                ended.Add(new(index + 1, answer));
        }
        RegisterEventReport report = new() { NoticeId = list.NoticeId, Ended = ended, Unmatched = unmatched };
        Keep(tx, list, form, terminal, report);
        return report;
    }

    private Outcome<RevocationAnswer> End(
        StoreTransaction tx, RegisterEventList list, int number, RegisterEvent item, Caller terminal)
    {
        if (!Enum.IsDefined(item.Event))
            return new Refusal("4-4-1-1", "no such event");
        var serial = item.Serial ?? (item.Holder is null ? null : LiveSerialOf(tx, item.Holder));
        return serial is null
            ? new Refusal("4-4-1-1", "no live certificate says this of a holder")
            : room.Governor.End(tx, new RevocationOrder(
                $"{list.NoticeId}/{number}", serial, RevocationPolicy.ReasonOf(item.Event),
                $"{terminal.Id}/{list.Officer}")
            {
                Municipality = terminal.Municipality,
            });
    }

    private string? LiveSerialOf(StoreTransaction tx, CertifiedAttributes holder) =>
        Books.LiveCertificatesOf(tx, holders.Of(holder), room.Now)
            .FirstOrDefault(row => row.Stage == CertificateState.Issued) is { } live
                ? room.Keys.SerialOf(live.Key).ToString()
                : null;

    private static KnownList? Known(StoreTransaction tx, string noticeId) => tx.QueryFirstOrDefault<KnownList>(
        "SELECT form AS Form, report AS Report FROM register_event_list WHERE notice_id = @noticeId",
        new { noticeId });

    private void Keep(
        StoreTransaction tx, RegisterEventList list, SignedForm form, Caller terminal, RegisterEventReport report)
    {
        tx.Execute("""
            INSERT INTO register_event_list (notice_id, terminal, at, form, signature, report)
            VALUES (@NoticeId, @terminal, @at, @Body, @Signature, @json)
            """, new
        {
            list.NoticeId,
            terminal = terminal.Id,
            at = room.Now.ToUnixTimeMilliseconds(),
            form.Body,
            form.Signature,
            json = JsonSerializer.Serialize(report, FormJson.Options),
        });
        tx.Record(new(
            "register events", room.Now, $"ended {report.Ended.Count}, unmatched {report.Unmatched.Count}",
            $"{terminal.Id}/{list.Officer}", list.NoticeId));
    }

    private async Task<Refusal> Refuse(string source, Refusal refusal)
    {
        await room.Record(new("register events refused", room.Now, $"{refusal.Clause}", source));
        return refusal;
    }

    private sealed record KnownList
    {
        public byte[] Form { get; init; } = [];

        public string Report { get; init; } = "";
    }
}
