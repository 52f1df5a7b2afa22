using System.Collections.Concurrent;
using System.Data.Common;
using System.Formats.Asn1;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Dapper;
using Jpki.Card;
using Jpki.Forms;
using Jpki.Ledger;

namespace Jpki.Counter;

/// <summary>
/// Store and forward: a notice is durable here before it is sent, is sent until it is answered, and its answer is
/// recorded exactly once. 送達待ち
/// </summary>
internal sealed class Outbox(
    Store store,
    Func<string, HttpClient> authority,
    TimeProvider clock,
    IReadOnlyDictionary<NoticeKind, Func<Notice, Reply, Action<StoreTransaction>>> accept)
{
    private const int AtOnce = 8;
    private const int LongestAnswer = 1024 * 1024;

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Lazy<Task>> underWay = [];
    private volatile TaskCompletionSource rung = NewBell();

    /// <summary>Puts a notice in, in the same transaction as the act it belongs to.</summary>
    public static void Put(StoreTransaction tx, Notice notice, DateTimeOffset at) => tx.Execute("""
        INSERT INTO outbox (notice_id, municipality, kind, about, form, state, attempts, due_at)
        VALUES (@Id, @Municipality, @kind, @About, @Form, 'Waiting', 0, @at)
        """, new
    {
        notice.Id,
        notice.Municipality,
        kind = notice.Kind.ToString(),
        notice.About,
        notice.Form,
        at = at.ToUnixTimeMilliseconds(),
    });

    /// <summary>
    /// Sends one notice now; returns when it is answered, when it failed, or when patience is at its end.
    /// </summary>
    public async Task Hurry(string noticeId, TimeSpan patience)
    {
        var sending = Send(noticeId);
        await Task.WhenAny(sending, Task.Delay(patience, clock));
        if (sending.IsCompleted)
            await sending;
    }

    /// <summary>Sends whatever is due, until told to stop; what is under way is finished.</summary>
    public async Task Run(CancellationToken stop)
    {
        ParallelOptions some = new() { MaxDegreeOfParallelism = AtOnce };
        while (!stop.IsCancellationRequested)
        {
            var bell = rung;
            var due = Due(clock.GetUtcNow());
            await Parallel.ForEachAsync(due, some, async (id, _) => await Send(id));
            if (due.Count == 0)
                await Task.WhenAny(bell.Task, Task.Delay(Pause(), clock, stop));
        }
    }

    /// <summary>Looks at the outbox again at once.</summary>
    public void Ring() => Interlocked.Exchange(ref rung, NewBell()).TrySetResult();

    /// <summary>Where the notice about something stands among all that wait; null when none about it waits.</summary>
    public PlaceInLine? PlaceOf(string about) => store.Read(db => db.QueryFirstOrDefault<PlaceRow>("""
        SELECT mine.attempts AS Attempts, mine.due_at AS DueAt, (SELECT COUNT(*) FROM outbox other
            WHERE other.state = 'Waiting' AND (other.due_at < mine.due_at
                OR (other.due_at = mine.due_at AND other.notice_id <= mine.notice_id))) AS Position
        FROM outbox mine WHERE mine.about = @about AND mine.state = 'Waiting'
        """, new { about })) is { } row
        ? new((int)row.Position, (int)row.Attempts, DateTimeOffset.FromUnixTimeMilliseconds(row.DueAt))
        : null;

    /// <summary>How many notices wait for an answer.</summary>
    public long Waiting =>
        store.Read(db => db.ExecuteScalar<long>("SELECT COUNT(*) FROM outbox WHERE state = 'Waiting'"));

    /// <summary>
    /// When the oldest waiting notice was signed: the one that was sent most often. Null when none waits.
    /// </summary>
    public DateTimeOffset? WaitingSince => store.Read(db => db.QueryFirstOrDefault<byte[]>(
        "SELECT form FROM outbox WHERE state = 'Waiting' ORDER BY attempts DESC, due_at LIMIT 1")) is { } form
        ? JsonDocument.Parse(JsonSerializer.Deserialize<SignedForm>(form, FormJson.Options)!.Body)
            .RootElement.GetProperty("at").GetDateTimeOffset()
        : null;

    private static TaskCompletionSource NewBell() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private List<string> Due(DateTimeOffset at) => store.Read(db => db.Query<string>(
        "SELECT notice_id FROM outbox WHERE state = 'Waiting' AND due_at <= @at ORDER BY due_at LIMIT 64",
        new { at = at.ToUnixTimeMilliseconds() }).AsList());

    private TimeSpan Pause()
    {
        var next = store.Read(db => db.ExecuteScalar<long?>("SELECT MIN(due_at) FROM outbox WHERE state = 'Waiting'"));
        if (next is not { } due)
            return LongestPause;
        var pause = DateTimeOffset.FromUnixTimeMilliseconds(due) - clock.GetUtcNow();
        return pause < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1)
            : pause > LongestPause ? LongestPause : pause;
    }

    /// <summary>One sending of a notice at a time, however many ask for it.</summary>
    private Task Send(string id)
    {
        var sending = underWay.GetOrAdd(id, static (id, self) => new(() => self.SendOnce(id)), this);
        return sending.Value;
    }

    private async Task SendOnce(string id)
    {
        await Task.Yield();
        try
        {
            if (Find(id) is not { } notice)
                return;
            var (reply, comeBack) = await Ask(notice);
            if (reply is null || !await TryAccept(notice, reply))
                await Postpone(notice, isAway: reply is null, comeBack);
        }
        finally
        {
            underWay.TryRemove(id, out _);
        }
    }

    private Notice? Find(string id) => store.Read(db => db.QueryFirstOrDefault<NoticeRow>("""
        SELECT notice_id AS Id, municipality AS Municipality, kind AS Kind, about AS About, form AS Form,
            attempts AS Attempts
        FROM outbox WHERE notice_id = @id AND state = 'Waiting'
        """, new { id }))?.ToNotice();

    /// <summary>
    /// The Authority's word on the notice; null when it cannot be had now, with when to come back if it said so.
    /// </summary>
    private async Task<(Reply? Reply, TimeSpan? ComeBack)> Ask(Notice notice)
    {
        using ByteArrayContent content = new(notice.Form);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            using var answer = await authority(notice.Municipality)
                .PostAsync(new Uri(notice.Path, UriKind.Relative), content);
            var text = await answer.Content.ReadAsStringAsync();
            var reply = (answer.StatusCode, text.Length) switch
            {
                (_, > LongestAnswer) => null,
                (HttpStatusCode.OK, _) => new Reply(text, null),
                (HttpStatusCode.UnprocessableEntity or HttpStatusCode.Forbidden, _) =>
                    new Reply(null, Refusals.Read(text)),
                (HttpStatusCode.BadRequest, _) => new Reply(null, Refusals.Malformed),
                _ => null,
            };
            return (reply, answer.Headers.RetryAfter?.Delta);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or JsonException)
        {
            return (null, null); // unreachable or babbling: the notice stays, and Postpone records it
        }
    }

    private async Task<bool> TryAccept(Notice notice, Reply reply)
    {
        try
        {
            var change = accept[notice.Kind](notice, reply);
            await store.Write(tx => Record(tx, notice, reply, change));
            return true;
        }
        catch (Exception e) when (e is FormatException or JsonException or AsnContentException or IOException
            or DbException)
        {
            // A certificate for somebody else or a number the books have already, or a card that cannot be written: it
            // must not hold up other notices.
            var result = e is CardException card ? $"card failed at {card.Step ?? "the reader"}" : "unusable";
            await store.Write(tx =>
                tx.Record(new("answer", clock.GetUtcNow(), result, notice.Municipality, notice.Id)));
            return false;
        }
    }

    /// <summary>
    /// The answer and all that follows from it, in one transaction; nothing when it is recorded already.
    /// </summary>
    private void Record(StoreTransaction tx, Notice notice, Reply reply, Action<StoreTransaction> change)
    {
        var state = reply.Refusal is null ? "Answered" : "Refused";
        var answer = reply.Json ?? JsonSerializer.Serialize(reply.Refusal, FormJson.Options);
        var recorded = tx.Execute(
            "UPDATE outbox SET state = @state, answer = @answer WHERE notice_id = @Id AND state = 'Waiting'",
            new { notice.Id, state, answer });
        if (recorded == 0)
            return;
        change(tx);
        var result = reply.Refusal is { } refusal ? $"refused {refusal.Clause}" : "done";
        tx.Record(new($"{notice.Kind} answer", clock.GetUtcNow(), result, notice.Municipality, notice.Id));
    }

    /// <summary>1, 2, 4 … seconds, or as the Authority asks; at most a minute.</summary>
    private Task Postpone(Notice notice, bool isAway, TimeSpan? comeBack)
    {
        var now = clock.GetUtcNow();
        var seconds = comeBack?.TotalSeconds ?? Math.Pow(2, Math.Min(notice.Attempts, 10));
        var pause = TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, seconds));
        return store.Write(tx =>
        {
            tx.Execute(
                "UPDATE outbox SET attempts = attempts + 1, due_at = @due WHERE notice_id = @Id AND state = 'Waiting'",
                new { notice.Id, due = (now + pause).ToUnixTimeMilliseconds() });
            if (isAway && notice.Attempts == 0)
            {
                var why = comeBack is null ? "the Authority cannot be reached" : "the Authority has a line";
                tx.Record(new($"{notice.Kind} notice", now, $"waiting, {why}", notice.Municipality, notice.Id));
            }
        });
    }

    private sealed record PlaceRow(long Attempts, long DueAt, long Position);

    private sealed record NoticeRow
    {
        public string Id { get; init; } = "";

        public string Municipality { get; init; } = "";

        public string Kind { get; init; } = "";

        public string About { get; init; } = "";

        public byte[] Form { get; init; } = [];

        public long Attempts { get; init; }

        public Notice ToNotice() => new(Id, Municipality, Enum.Parse<NoticeKind>(Kind), About, Form, (int)Attempts);
    }
}
