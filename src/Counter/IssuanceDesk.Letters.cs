using Jpki.Cps;

namespace Jpki.Counter;

/// <summary>The inquiry to an applicant who sends an agent. 照会 (CPS 3-1-10①, 4-1-1(2))</summary>
public sealed partial class IssuanceDesk
{
    /// <summary>Makes the letter out to the applicant's address on the register; one at a time.</summary>
    public async Task<Outcome<Letter>> MakeLetter(OfficerOnDuty officer, string id)
    {
        if (Open(officer, id, ApplicationState.Matched).IsRefused(out var refusal, out var application))
            return refusal;
        if (application.Form.Agent is null)
            return await Refuse(officer, "letter", id, new("4-1-1(2)", "照会書は、代理申請のときに送ります。"));
        Letter letter = new()
        {
            Id = desk.NewId("L"),
            Municipality = officer.Municipality,
            ApplicationId = id,
            MadeAt = desk.Now,
            State = LetterState.Made,
            Officer = officer.Id,
        };
        return await desk.Store.Write(tx =>
        {
            if (tx.QueryFirstOrDefault<string>(
                "SELECT id FROM letters WHERE application = @id AND state IN ('Made', 'Sent', 'Confirmed')",
                new { id }) is not null)
            {
                return (Outcome<Letter>)new Refusal("4-1-1(2)", "この申請の照会書は、既に作成されています。");
            }
            LetterBooks.Add(tx, letter);
            tx.Record(new("letter", desk.Now, "made", officer.Id, letter.Id));
            return letter;
        });
    }

    /// <summary>発送</summary>
    public async Task<Outcome<Letter>> SendLetter(OfficerOnDuty officer, string id, LetterSending sending) =>
        FindLetter(officer, id).IsRefused(out var refusal, out var letter) ? refusal
        : letter.State != LetterState.Made ? NotNow(letter)
        : DayObjection("sentOn", "発送の日", sending.On, JapanTime.DayOf(letter.MadeAt)) is { } objection ? objection
        : await Save(officer, letter, letter with
        {
            State = LetterState.Sent,
            SentOn = sending.On,
            ReplyBy = sending.On.AddDays(options.DaysToReply),
        });

    /// <summary>回答書の受領、又は返戻. An applicant who knows of no application ends it. (CPS 4-1-1(2))</summary>
    public async Task<Outcome<Letter>> AnswerLetter(OfficerOnDuty officer, string id, LetterReply reply)
    {
        if (FindLetter(officer, id).IsRefused(out var refusal, out var letter))
            return refusal;
        if (letter.State != LetterState.Sent)
            return NotNow(letter);
        if (reply.State is not (LetterState.Confirmed or LetterState.Denied or LetterState.Returned))
            return new Refusal("4-1-1(2)", "回答の内容を選んでください。") { Field = "reply" };
        if (DayObjection("cameOn", "受領の日", reply.On, letter.SentOn!.Value) is { } objection)
            return objection;
        if (reply is { State: LetterState.Confirmed } && reply.On > letter.ReplyBy)
        {
            return new Refusal("4-1-1(2)", "回答の期限を過ぎています。「返戻・期限経過」として、改めて照会してください。")
            {
                Field = "cameOn",
            };
        }
        var saved = await Save(officer, letter, letter with { State = reply.State, CameOn = reply.On });
        if (saved.Value is not null && reply.State == LetterState.Denied
            && Open(officer, letter.ApplicationId, ApplicationState.Matched).Value is { } application)
        {
            await End(officer, application,
                new("4-1-1(2)", "照会に対し、申請が本人の意思によるものでない旨の回答があったため、発行しません。"), "letter");
        }
        return saved;
    }

    /// <summary>The letters about an application, the newest first.</summary>
    public IReadOnlyList<Letter> Letters(OfficerOnDuty officer, string id) =>
        Find(officer, id).Value is null ? [] : desk.Store.Read(db => LetterBooks.Of(db, id));

    /// <summary>This municipality's letters that wait to be sent or answered, the oldest first.</summary>
    public IReadOnlyList<Letter> OpenLetters(OfficerOnDuty officer) =>
        desk.Store.Read(db => LetterBooks.Open(db, officer.Municipality));

    public Outcome<Letter> FindLetter(OfficerOnDuty officer, string id) =>
        desk.Store.Read(db => LetterBooks.Find(db, id)) is not { } letter
            ? new Refusal("4-1-1(2)", "この番号の照会書はありません。")
            : letter.Municipality == officer.Municipality ? letter : OfficerOnDuty.NotYours;

    /// <summary>An answer counts when it is in the books, whatever is ticked.</summary>
    private IdentityEvidence WithReply(IssuanceApplication application, IdentityEvidence evidence) =>
        evidence.Agent is not { } agent ? evidence : evidence with
        {
            Agent = agent with
            {
                HasReplyToInquiry = desk.Store.Read(db => LetterBooks.Of(db, application.Id))
                    .Any(l => l.State == LetterState.Confirmed),
            },
        };

    private async Task<Outcome<Letter>> Save(OfficerOnDuty officer, Letter from, Letter to) =>
        await desk.Store.Write(tx =>
        {
            if (!LetterBooks.Update(tx, to with { Officer = officer.Id }, from.State))
                return NotNow(from);
            tx.Record(new("letter", desk.Now, to.State.ToString(), officer.Id, to.Id));
            return (Outcome<Letter>)to;
        });

    private static Outcome<Letter> NotNow(Letter letter) =>
        new Refusal("4-1-1(2)", $"この照会書は「{Wording.Of(letter.State)}」です。この手順は行えません。");

    private Refusal? DayObjection(string field, string label, DateOnly day, DateOnly first) =>
        day < first || day > desk.Today
            ? new("4-1-1(2)", $"{label}は、{Eras.ForPeople(first)}から本日までの日付で記入してください。") { Field = field }
            : null;
}
