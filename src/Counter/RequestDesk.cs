using Jpki.Card;
using Jpki.Cps;

namespace Jpki.Counter;

/// <summary>
/// Takes requests about a card, disclosures, corrections and complaints, and answers them. (CPS 2-1-3(15), (16), (18))
/// </summary>
public sealed partial class RequestDesk
{
    private const int LongestText = 2000;

    private readonly CounterDesk desk;
    private readonly Cards cards;
    private readonly HandOvers handOvers;

    internal RequestDesk(CounterDesk desk, Cards cards, HandOvers handOvers) =>
        (this.desk, this.cards, this.handOvers) = (desk, cards, handOvers);

    /// <summary>
    /// Takes the paper after proving who brings it; the same paper twice is one request. An agent's waits for the
    /// answer to a letter.
    /// </summary>
    public async Task<Outcome<CounterRequest>> Take(OfficerOnDuty officer, RequestForm form)
    {
        if (Errors(form, desk.Today) is [var error, ..])
            return await Refuse(officer, null, new(error.Clause ?? "4-15", error.Text) { Field = error.Field });
        var request = new CounterRequest
        {
            Id = desk.NewId("Q"),
            Municipality = officer.Municipality,
            Kind = form.Kind,
            State = RequestState.Received,
            ReceivedAt = desk.Now,
            Officer = officer.Id,
            Text = form.Text,
        };
        if (form.Person?.Agent is not null)
            return await Inquire(officer, form, request);
        if (request.IsPersonal)
        {
            if (Identify(officer, form).IsRefused(out var refusal, out var proof)
                || WithCard(request with { ResidentId = proof.Resident.Id }).IsRefused(out refusal, out request))
            {
                return await Refuse(officer, null, refusal);
            }
        }
        return await Keep(officer, request, ApplicationBooks.PaperOf(form));
    }

    /// <summary>What is wrong with the paper, beside its fields.</summary>
    internal static IReadOnlyList<FieldError> Errors(RequestForm form, DateOnly today)
    {
        if (!Enum.IsDefined(form.Kind))
            return [new("requestKind", "請求の種類を選んでください。") { Clause = "2-1-3(15)" }];
        var clause = ClauseOf(form.Kind);
        List<FieldError> errors = [];
        if (form.Kind <= RequestKind.Correction && form.Person is null)
            errors.Add(new("name", "氏名を記入してください。") { Clause = clause });
        if (form.Kind <= RequestKind.Correction && form.Person is { } person)
            errors.AddRange(FormCheck.Errors(person, today));
        if (form.Kind >= RequestKind.Correction && string.IsNullOrWhiteSpace(form.Text))
            errors.Add(new("text", "内容を記入してください。") { Clause = clause });
        if (TextError("text", form.Text, clause) is { } wrong)
            errors.Add(wrong);
        return errors;
    }

    public Outcome<CounterRequest> Find(OfficerOnDuty officer, string id) =>
        desk.Store.Read(db => RequestBooks.Find(db, id)) is not { } request
            ? new Refusal("2-1-3(15)", "この番号の請求はありません。")
            : request.Municipality == officer.Municipality ? request : OfficerOnDuty.NotYours;

    /// <summary>This municipality's requests of a day in Japan, the newest first.</summary>
    public IReadOnlyList<CounterRequest> Of(OfficerOnDuty officer, DateOnly day)
    {
        var from = Days.Start(day);
        return desk.Store.Read(db => RequestBooks.Between(db, officer.Municipality, from, from.AddDays(1)));
    }

    /// <summary>Unlocks the card in the reader, or erases its key. ロック解除・鍵ペア等の消去 (CPS 2-1-3(16), 6-2-2-7)</summary>
    public async Task<Outcome<CounterRequest>> ActOnCard(OfficerOnDuty officer, string id) =>
        Open(officer, id).IsRefused(out var refusal, out var request) ? refusal
        : request.Kind switch
        {
            RequestKind.Unlock => await Change(officer, request, card => card.Unlock(KeyPurpose.Sign)),
            RequestKind.EraseKey => await Change(officer, request, card => card.EraseKey(KeyPurpose.Sign)),
            _ => new Refusal("2-1-3(16)", "この請求では、窓口の端末でカードを操作しません。"),
        };

    /// <summary>Sends the holder to the device for a new password. (CPS 2-1-3(16), 6-4-2-1)</summary>
    public async Task<Outcome<HandOver>> SendToDevice(OfficerOnDuty officer, string id) =>
        Open(officer, id).IsRefused(out var refusal, out var request) ? refusal
        : request.Kind != RequestKind.ResetPassword ? new Refusal("2-1-3(16)", "パスワードの初期化の請求ではありません。")
        : await handOvers.Begin(officer, DeviceTask.ResetPassword, id);

    /// <summary>The holder's new password, typed twice at the device. (CPS 6-4-2-1)</summary>
    public async Task<Outcome<CounterRequest>> ResetPassword(DeviceVisit visit, string password, string passwordAgain)
    {
        if (visit.Task != DeviceTask.ResetPassword)
            return new Refusal("2-1-3(16)", "パスワードの初期化の請求ではありません。");
        if (Open(visit.SentBy, visit.About).IsRefused(out var refusal, out var request)
            || ChosenPassword.Of(password, passwordAgain).IsRefused(out refusal, out var chosen))
        {
            return refusal;
        }
        return await Change(visit.SentBy, request, card => card.SetPassword(KeyPurpose.Sign, chosen.Text));
    }

    /// <summary>The answer to a disclosure, correction, complaint or inquiry. 回答 (CPS 2-8-6, 2-8-8, 4-15)</summary>
    public async Task<Outcome<CounterRequest>> Answer(OfficerOnDuty officer, string id, RequestAnswer answer)
    {
        if (Open(officer, id).IsRefused(out var refusal, out var request))
            return refusal;
        var clause = ClauseOf(request.Kind);
        if (request.IsAboutCard)
            return new Refusal(clause, "カードに関する請求は、カードの操作で完了します。");
        if (string.IsNullOrWhiteSpace(answer.Text))
            return new Refusal(clause, "回答の内容を記入してください。") { Field = "answer" };
        if (TextError("answer", answer.Text, clause) is { } wrong)
            return new Refusal(clause, wrong.Text) { Field = wrong.Field };
        return await Finish(officer, request with
        {
            State = answer.IsGranted ? RequestState.Done : RequestState.Declined,
            Answer = answer.Text,
        });
    }

    /// <summary>
    /// What the counter keeps of the one who asks; null for a request that discloses nothing. The log keeps that it was
    /// shown. (CPS 2-8-6)
    /// </summary>
    public async Task<Disclosure?> Disclose(OfficerOnDuty officer, CounterRequest request)
    {
        if (request is not { Kind: RequestKind.Disclosure, ResidentId: { } resident }
            || desk.Register.Find(resident, officer.Municipality) is not { } person)
        {
            return null;
        }
        await desk.Store.Write(tx => tx.Record(new("disclosure", desk.Now, "shown", officer.Id, request.Id)));
        return desk.Store.Read(db => Disclosure.Of(db, person));
    }

    internal static Clause ClauseOf(RequestKind kind) => kind switch
    {
        RequestKind.Disclosure => "2-8-6",
        RequestKind.Correction => "2-8-8",
        RequestKind.Complaint or RequestKind.Inquiry => "4-15",
        _ => "2-1-3(16)",
    };

    private static FieldError? TextError(string field, string? text, Clause clause) =>
        text is { Length: > LongestText } ? new(field, $"{LongestText}文字までで記入してください。") { Clause = clause }
        : text?.Any(c => char.IsControl(c) && c is not ('\r' or '\n')) == true
            ? new(field, "制御文字は使用できません。") { Clause = clause }
        : null;

    private Outcome<IdentityProof> Identify(OfficerOnDuty officer, RequestForm form)
    {
        if (form.Identity is not { } identity)
            return new Refusal("3-1-9", "②本人性：身分証明書の種類と番号を確かめてください。") { Field = "kind" };
        return desk.Match(officer, form.Person!).IsRefused(out var refusal, out var match)
            ? refusal
            : IdentityProof.Of(match, identity, byAgent: false, desk.Today);
    }

    /// <summary>The newest card that was handed out to this person.</summary>
    private Outcome<CounterRequest> WithCard(CounterRequest request)
    {
        if (!request.IsAboutCard)
            return request;
        return desk.Store.Read(db => CertificateBooks.Of(db, request.ResidentId!)) is [var newest, ..]
            ? request with { CardOf = newest.Application }
            : new Refusal("2-1-3(16)", "この利用者に電子証明書を交付したICカードがありません。");
    }

    private Task<CounterRequest> Keep(OfficerOnDuty officer, CounterRequest request, string paper) =>
        desk.Store.Write(tx =>
        {
            if (RequestBooks.Same(tx, officer.Municipality, paper) is { } earlier)
                return earlier;
            RequestBooks.Add(tx, request, paper);
            tx.Record(new("request", desk.Now, request.Kind.ToString(), officer.Id, request.Id));
            return request;
        });

    private Outcome<CounterRequest> Open(OfficerOnDuty officer, string id) =>
        Find(officer, id).IsRefused(out var refusal, out var request) ? refusal
        : request.State == RequestState.Received ? request
        : new Refusal(ClauseOf(request.Kind), $"この請求は「{Wording.Of(request.State)}」です。この手順は行えません。");

    private async Task<Outcome<CounterRequest>> Change(
        OfficerOnDuty officer, CounterRequest request, Action<CardWriter> change)
    {
        var application = desk.Store.Read(db => ApplicationBooks.Find(db, request.CardOf!))!;
        try
        {
            cards.Change(application.SubjectCommonName!, application.CardNumber, change);
        }
        catch (CardException e)
        {
            await desk.Store.Write(tx =>
                tx.Record(new("card", desk.Now, $"failed at {e.Step ?? "the reader"}", officer.Id, request.Id)));
            return new Refusal("2-1-3(16)", "カードを操作できませんでした。この利用者のカードをリーダーに入れ直してください。");
        }
        return await Finish(officer, request with { State = RequestState.Done });
    }

    private async Task<Outcome<CounterRequest>> Finish(OfficerOnDuty officer, CounterRequest request)
    {
        var finished = request with { Officer = officer.Id, AnsweredAt = desk.Now };
        return await desk.Store.Write(tx =>
        {
            if (!RequestBooks.Update(tx, finished, RequestState.Received))
                return new Refusal(ClauseOf(request.Kind), "この請求は、同時に別の操作で進められました。");
            tx.Record(new("request", desk.Now, finished.State.ToString(), officer.Id, finished.Id));
            return (Outcome<CounterRequest>)finished;
        });
    }

    private async Task<Refusal> Refuse(OfficerOnDuty officer, string? id, Refusal refusal)
    {
        await desk.Store.Write(tx => tx.Record(new("request", desk.Now, $"refused {refusal.Clause}", officer.Id, id)));
        return refusal;
    }
}
