using Jpki.Cps;

namespace Jpki.Counter;

/// <summary>A paper that an agent brought, of which the applicant is asked. 照会</summary>
/// <param name="What">For the applicant: 電子証明書の発行の申請.</param>
/// <param name="Person">Applicant and agent, as the paper has them.</param>
/// <param name="Closed">Why no letter is sent about it at the step it has reached; null while it waits for one.</param>
public sealed record Inquiry(string What, ApplicationForm Person, Refusal? Closed)
{
    public override string ToString() => What;
}

/// <summary>Keeps papers that agents may bring. 代理申請の取扱い (CPS 3-1-10)</summary>
internal interface IAgentsPapers
{
    /// <summary>What the paper asks, in whose name; refused when no agent brought it.</summary>
    Outcome<Inquiry> InquiryOf(OfficerOnDuty officer, string id);

    /// <summary>Ends the paper: its applicant knows nothing of it.</summary>
    Task Disown(OfficerOnDuty officer, string id, Refusal refusal);
}

/// <summary>The inquiry to an applicant who sends an agent. 照会 (CPS 3-1-10①, 4-1-1(2))</summary>
public sealed class LetterDesk
{
    private static readonly Clause Clause = "4-1-1(2)";

    private readonly CounterDesk desk;
    private readonly CounterOptions options;
    private readonly IReadOnlyDictionary<char, IAgentsPapers> papers;

    /// <param name="desk">The books.</param>
    /// <param name="options">How long an answer is waited for.</param>
    /// <param name="papers">By the first letter of their numbers.</param>
    internal LetterDesk(
        CounterDesk desk, CounterOptions options, IReadOnlyDictionary<char, IAgentsPapers> papers) =>
        (this.desk, this.options, this.papers) = (desk, options, papers);

    /// <summary>Makes the letter out to the applicant's address on the register; one at a time.</summary>
    public async Task<Outcome<Letter>> Make(OfficerOnDuty officer, string about)
    {
        if (InquiryAbout(officer, about).IsRefused(out var refusal, out var inquiry))
            return await Refuse(officer, about, refusal);
        if (inquiry.Closed is { } closed)
            return closed;
        Letter letter = new()
        {
            Id = desk.NewId("L"),
            Municipality = officer.Municipality,
            About = about,
            MadeAt = desk.Now,
            State = LetterState.Made,
            Officer = officer.Id,
        };
        return await desk.Store.Write(tx =>
        {
            if (tx.QueryFirstOrDefault<string>(
                "SELECT id FROM letters WHERE about = @about AND state IN ('Made', 'Sent', 'Confirmed')",
                new { about }) is not null)
            {
                return (Outcome<Letter>)new Refusal(Clause, "この申請の照会書は、既に作成されています。");
            }
            LetterBooks.Add(tx, letter);
            tx.Record(new("letter", desk.Now, "made", officer.Id, letter.Id));
            return letter;
        });
    }

    /// <summary>発送</summary>
    public async Task<Outcome<Letter>> Send(OfficerOnDuty officer, string id, LetterSending sending) =>
        Find(officer, id).IsRefused(out var refusal, out var letter) ? refusal
        : letter.State != LetterState.Made ? NotNow(letter)
        : DayObjection("sentOn", "発送の日", sending.On, JapanTime.DayOf(letter.MadeAt)) is { } objection ? objection
        : await Save(officer, letter, letter with
        {
            State = LetterState.Sent,
            SentOn = sending.On,
            ReplyBy = sending.On.AddDays(options.DaysToReply),
        });

    /// <summary>回答書の受領、又は返戻. An applicant who knows of no such paper ends it. (CPS 4-1-1(2))</summary>
    public async Task<Outcome<Letter>> Answer(OfficerOnDuty officer, string id, LetterReply reply)
    {
        if (Find(officer, id).IsRefused(out var refusal, out var letter))
            return refusal;
        if (letter.State != LetterState.Sent)
            return NotNow(letter);
        if (reply.State is not (LetterState.Confirmed or LetterState.Denied or LetterState.Returned))
            return new Refusal(Clause, "回答の内容を選んでください。") { Field = "reply" };
        if (DayObjection("cameOn", "受領の日", reply.On, letter.SentOn!.Value) is { } objection)
            return objection;
        if (reply is { State: LetterState.Confirmed } && reply.On > letter.ReplyBy)
        {
            return new Refusal(Clause, "回答の期限を過ぎています。「返戻・期限経過」として、改めて照会してください。")
            {
                Field = "cameOn",
            };
        }
        var saved = await Save(officer, letter, letter with { State = reply.State, CameOn = reply.On });
        if (saved.Value is { State: LetterState.Denied })
        {
            await papers[letter.About[0]].Disown(officer, letter.About,
                new(Clause, "照会に対し、本人の意思によるものでない旨の回答があったため、この手続は行いません。"));
        }
        return saved;
    }

    /// <summary>The letters about a paper, the newest first.</summary>
    public IReadOnlyList<Letter> About(OfficerOnDuty officer, string id) =>
        [.. desk.Store.Read(db => LetterBooks.Of(db, id)).Where(l => l.Municipality == officer.Municipality)];

    /// <summary>This municipality's letters that wait to be sent or answered, the oldest first.</summary>
    public IReadOnlyList<Letter> Open(OfficerOnDuty officer) =>
        desk.Store.Read(db => LetterBooks.Open(db, officer.Municipality));

    public Outcome<Letter> Find(OfficerOnDuty officer, string id) =>
        desk.Store.Read(db => LetterBooks.Find(db, id)) is not { } letter
            ? new Refusal(Clause, "この番号の照会書はありません。")
            : letter.Municipality == officer.Municipality ? letter : OfficerOnDuty.NotYours;

    /// <summary>What a paper of that number asks.</summary>
    internal Outcome<Inquiry> InquiryAbout(OfficerOnDuty officer, string about) =>
        about.Length > 0 && papers.TryGetValue(about[0], out var keeper)
            ? keeper.InquiryOf(officer, about)
            : new Refusal(Clause, "この番号の申請はありません。");

    private async Task<Outcome<Letter>> Save(OfficerOnDuty officer, Letter from, Letter to) =>
        await desk.Store.Write(tx =>
        {
            if (!LetterBooks.Update(tx, to with { Officer = officer.Id }, from.State))
                return NotNow(from);
            tx.Record(new("letter", desk.Now, to.State.ToString(), officer.Id, to.Id));
            return (Outcome<Letter>)to;
        });

    private async Task<Refusal> Refuse(OfficerOnDuty officer, string about, Refusal refusal)
    {
        await desk.Store.Write(tx =>
            tx.Record(new("letter", desk.Now, $"refused {refusal.Clause}", officer.Id, about)));
        return refusal;
    }

    private static Outcome<Letter> NotNow(Letter letter) =>
        new Refusal(Clause, $"この照会書は「{Wording.Of(letter.State)}」です。この手順は行えません。");

    private Refusal? DayObjection(string field, string label, DateOnly day, DateOnly first) =>
        day < first || day > desk.Today
            ? new(Clause, $"{label}は、{Eras.ForPeople(first)}から本日までの日付で記入してください。") { Field = field }
            : null;
}
