using Jpki.Cps;
using Jpki.Forms;
using Jpki.Ledger;
using Jpki.X509;

namespace Jpki.Counter;

/// <summary>
/// From application to delivery, one act a step. Each step takes the evidence of the one before it, made anew from the
/// register as it stands. 発行申請 (CPS 4-1, 4-2-1, 4-3)
/// </summary>
public sealed partial class IssuanceDesk
{
    private readonly CounterDesk desk;
    private readonly Cards cards;
    private readonly CounterOptions options;
    private readonly RegisterDesk events;
    private readonly HandOvers handOvers;
    private readonly Func<string, Task> hurry;

    internal IssuanceDesk(
        CounterDesk desk, Cards cards, CounterOptions options, RegisterDesk events, HandOvers handOvers,
        Func<string, Task> hurry)
    {
        (this.desk, this.cards, this.options) = (desk, cards, options);
        (this.events, this.handOvers, this.hurry) = (events, handOvers, hurry);
    }

    /// <summary>Takes the paper. The same paper twice is one application. 受付 (CPS 4-1-2)</summary>
    public async Task<Outcome<IssuanceApplication>> Receive(OfficerOnDuty officer, ApplicationForm form)
    {
        if (FormCheck.IssuanceRefusal(form, desk.Today) is { } refusal)
            return await Refuse(officer, "application", null, refusal);
        var application = new IssuanceApplication
        {
            Id = desk.NewId("A"),
            Municipality = officer.Municipality,
            ReceivedAt = desk.Now,
            State = ApplicationState.Received,
            Form = form,
            Officer = officer.Id,
        };
        return await desk.Store.Write(tx =>
        {
            if (ApplicationBooks.Same(tx, application) is { } earlier)
                return earlier;
            ApplicationBooks.Add(tx, application);
            tx.Record(new("application", desk.Now, "received", officer.Id, application.Id));
            return application;
        });
    }

    /// <summary>Corrects the paper, as long as nothing was checked against it. 訂正</summary>
    public async Task<Outcome<IssuanceApplication>> Correct(OfficerOnDuty officer, string id, ApplicationForm form)
    {
        if (Open(officer, id, ApplicationState.Received).IsRefused(out var refusal, out var application))
            return refusal;
        return FormCheck.IssuanceRefusal(form, desk.Today) is { } objection
            ? await Refuse(officer, "application", id, objection)
            : await Save(officer, application, application with { Form = form }, "application");
    }

    /// <summary>The form beside the register's nearest person; null when nobody is near. 照合</summary>
    public IReadOnlyList<Comparison>? Compare(OfficerOnDuty officer, string id) =>
        Find(officer, id).Value is { } application && Nearest(application) is { } resident
            ? Matching.Compare(application.Form.Attributes, resident.Attributes)
            : null;

    /// <summary>The characters of the form that need a substitute, each where it stands. 代替文字 (CPS 3-1-8)</summary>
    public IReadOnlyList<NeededSubstitute> Substitutes(OfficerOnDuty officer, string id) =>
        Find(officer, id).Value is { } application
            ? Substitution.Needed(application.Form.Attributes, application.Form.Substitutes)
            : [];

    /// <summary>Is there such a person? A difference ends the application. 実在性の確認 (CPS 3-1-9①)</summary>
    public async Task<Outcome<IssuanceApplication>> Match(OfficerOnDuty officer, string id)
    {
        if (Open(officer, id, ApplicationState.Received).IsRefused(out var refusal, out var application))
            return refusal;
        if (RegisterMatch.Of(application.Form.Attributes, Nearest(application)).IsRefused(out refusal, out var match))
            return await End(officer, application, refusal, "register match");
        if (KindObjection(application, Held(match.Resident.Id)) is { } closed)
            return await Refuse(officer, "register match", id, closed);
        if (Certify(match.Resident, application).IsRefused(out refusal, out var certified))
            return await Refuse(officer, "register match", id, refusal);
        return await Save(officer, application, application with
        {
            State = ApplicationState.Matched,
            ResidentId = match.Resident.Id,
            Certified = certified,
        }, "register match");
    }

    /// <summary>Is it this person? A doubt ends the application. 本人性の確認 (CPS 3-1-9②, 3-1-10)</summary>
    public async Task<Outcome<IssuanceApplication>> Prove(OfficerOnDuty officer, string id, IdentityEvidence evidence)
    {
        if (Open(officer, id, ApplicationState.Matched).IsRefused(out var refusal, out var application))
            return refusal;
        var heard = desk.Store.Read(db => LetterBooks.WithReply(db, id, evidence));
        if (Identify(application, heard).IsRefused(out refusal, out var proof))
        {
            return evidence.HasDoubt
                ? await End(officer, application, refusal, "identity")
                : await Refuse(officer, "identity", id, refusal);
        }
        var proven = application with { State = ApplicationState.Proven, Identity = proof.Evidence };
        return await Save(officer, application, proven, "identity");
    }

    /// <summary>
    /// Tells the governor: the notice is durable before it is sent. Comes back issued or refused, or still waiting
    /// when the Authority cannot be reached. 発行通知 (CPS 4-2-1①)
    /// </summary>
    public async Task<Outcome<IssuanceApplication>> Notify(OfficerOnDuty officer, string id)
    {
        if (Open(officer, id, ApplicationState.KeyPairMade).IsRefused(out var refusal, out var application))
            return refusal;
        if (Identify(application, application.Identity!).IsRefused(out refusal, out var proof)
            || Certify(proof.Resident, application).IsRefused(out refusal, out var attributes))
        {
            return await Refuse(officer, "issuance notice", id, refusal);
        }
        IssuanceNotice notice = new()
        {
            NoticeId = desk.NewId("N"),
            Municipality = officer.Municipality,
            SubjectCommonName = application.SubjectCommonName!,
            Attributes = attributes,
            CertificationRequest = application.CertificationRequest!,
            Renews = application.Renews,
            Officer = officer.Id,
            At = desk.Now,
        };
        var sealedNotice = Notice.Of(notice.NoticeId, NoticeKind.Issuance, id, notice, desk.TerminalOf(officer));
        var waiting = application with
        {
            State = ApplicationState.Waiting,
            NoticeId = notice.NoticeId,
            Certified = attributes,
        };
        var saved = await Save(officer, application, waiting, "issuance notice", tx =>
            Outbox.Put(tx, sealedNotice, desk.Now));
        if (saved.IsRefused(out refusal, out _))
            return refusal;
        await hurry(notice.NoticeId);
        return Find(officer, id);
    }

    /// <summary>
    /// Hands the card over, with the notices of CPS 4-3-2 and a copy of the certificate. 交付 (CPS 4-3-1②)
    /// </summary>
    public async Task<Outcome<Delivery>> Deliver(OfficerOnDuty officer, string id)
    {
        if (Open(officer, id, ApplicationState.Issued).IsRefused(out var refusal, out var application))
            return refusal;
        if (options.Fee > 0 && PaymentOf(id) is null)
            return await Refuse(officer, "delivery", id, new("2-1-3(14)", "発行手数料をまだ受け取っていません。"));
        var delivered = application with { State = ApplicationState.Delivered, DeliveredAt = desk.Now };
        var saved = await Save(officer, application, delivered, "delivery");
        return saved.IsRefused(out refusal, out var kept) ? refusal : Delivery.Of(kept);
    }

    /// <summary>
    /// The papers of a delivery once more, and the card's image. For who came for the card, and for the sandbox.
    /// </summary>
    public Outcome<Delivery> Papers(OfficerOnDuty officer, string id) =>
        Open(officer, id, ApplicationState.Delivered).IsRefused(out var refusal, out var application)
            ? refusal
            : Delivery.Of(application);

    public Outcome<byte[]> Card(OfficerOnDuty officer, string id) =>
        Open(officer, id, ApplicationState.Delivered).IsRefused(out var refusal, out var application) ? refusal
        : cards.Read(application.SubjectCommonName!) is { } image ? image
        : new Refusal("6-2-2-1", "ICカードの内容は取り出せません。");

    public Outcome<IssuanceApplication> Find(OfficerOnDuty officer, string id) =>
        desk.Store.Read(db => ApplicationBooks.Find(db, id)) is not { } application
            ? new Refusal("4-1-1", "この番号の申請はありません。")
            : application.Municipality == officer.Municipality ? application : OfficerOnDuty.NotYours;

    /// <summary>The receipt of an application's fee; null as long as it was not paid.</summary>
    public Payment? PaymentOf(OfficerOnDuty officer, string id) =>
        Find(officer, id).Value is null ? null : PaymentOf(id);

    private Payment? PaymentOf(string id) => desk.Store.Read(db => FeeBooks.Of(db, id));

    /// <summary>This municipality's applications of the last day, the newest first.</summary>
    public IReadOnlyList<IssuanceApplication> Recent(OfficerOnDuty officer) =>
        desk.Store.Read(db => ApplicationBooks.Since(db, officer.Municipality, desk.Now.AddDays(-1)));

    /// <summary>
    /// Takes the Authority's word: the card first, which may be written twice, then the books, which may not.
    /// </summary>
    internal Action<StoreTransaction> Accept(Notice notice, Reply reply)
    {
        var application = desk.Store.Read(db => ApplicationBooks.Find(db, notice.About))
            ?? throw new InvalidOperationException($"notice {notice.Id} is about no application");
        if (reply.Refusal is { } refusal)
        {
            var refused = application with { State = ApplicationState.Refused, Refusal = refusal };
            return tx => ApplicationBooks.Update(tx, refused, ApplicationState.Waiting);
        }
        var answer = reply.Read<IssuanceAnswer>();
        var holder = IssuedCertificate.Check(answer, application);
        cards.Complete(application.SubjectCommonName!, holder, Certificate.Read(answer.AuthorityCertificate));
        var issued = application with
        {
            State = ApplicationState.Issued,
            Serial = holder.Serial.ToString(),
            Certificate = answer.Certificate,
        };
        return tx =>
        {
            ApplicationBooks.Update(tx, issued, ApplicationState.Waiting);
            CertificateBooks.Add(tx, issued, holder);
            if (issued.Renews is { } renewed)
                CertificateBooks.End(tx, renewed, RevocationReason.Superseded, holder.NotBefore);
            events.EndIfChanged(tx, issued);
        };
    }

    /// <summary>What the certificate will show, if it may. (CPS 3-1-7, 3-1-8)</summary>
    private Outcome<CertifiedAttributes> Certify(Resident resident, IssuanceApplication application) =>
        Substitution.Certify(resident.Attributes, application.Form.Substitutes)
            .IsRefused(out var refusal, out var certified) ? refusal
        : AttributeRules.Objection(certified, MunicipalityOf(application), desk.Today) is { } objection ? objection
        : certified;

    private static Municipality MunicipalityOf(IssuanceApplication application) =>
        Municipalities.Find(application.Municipality)
        ?? throw new InvalidOperationException($"there is no municipality {application.Municipality}");

    private Resident? Nearest(IssuanceApplication application) => Matching.Nearest(
        application.Form.Attributes, desk.Register.Candidates(application.Municipality, application.Form.Attributes));

    /// <summary>Both checks over again: nobody but they make an <see cref="IdentityProof"/>.</summary>
    private Outcome<IdentityProof> Identify(IssuanceApplication application, IdentityEvidence evidence)
    {
        var resident = desk.Register.Find(application.ResidentId!, application.Municipality);
        return RegisterMatch.Of(application.Form.Attributes, resident).IsRefused(out var refusal, out var match)
            ? refusal
            : IdentityProof.Of(match, evidence, application.Form.Agent is not null, desk.Today);
    }

    private Outcome<IssuanceApplication> Open(OfficerOnDuty officer, string id, ApplicationState expected)
    {
        if (Find(officer, id).IsRefused(out var refusal, out var application))
            return refusal;
        return application.State == expected ? application
            : application.State == ApplicationState.Refused ? application.Refusal!
            : new Refusal("4-1-1", $"この申請は「{Wording.Of(application.State)}」です。この手順は行えません。");
    }

    private async Task<Outcome<IssuanceApplication>> Save(
        OfficerOnDuty officer, IssuanceApplication from, IssuanceApplication to, string act,
        Action<StoreTransaction>? also = null)
    {
        var next = to with { Officer = officer.Id };
        var isSaved = await desk.Store.Write(tx =>
        {
            if (!ApplicationBooks.Update(tx, next, from.State))
                return false;
            also?.Invoke(tx);
            tx.Record(new(act, desk.Now, "done", officer.Id, next.Id));
            return true;
        });
        return isSaved ? next : new Refusal("4-1-1", "この申請は、同時に別の操作で進められました。");
    }

    private async Task<Outcome<IssuanceApplication>> End(
        OfficerOnDuty officer, IssuanceApplication application, Refusal refusal, string act)
    {
        var refused = application with { State = ApplicationState.Refused, Refusal = refusal, Officer = officer.Id };
        await desk.Store.Write(tx =>
        {
            ApplicationBooks.Update(tx, refused, application.State);
            tx.Record(new(act, desk.Now, $"refused {refusal.Clause}", officer.Id, application.Id));
        });
        return refusal;
    }

    private async Task<Refusal> Refuse(OfficerOnDuty officer, string act, string? id, Refusal refusal)
    {
        await desk.Store.Write(tx => tx.Record(new(act, desk.Now, $"refused {refusal.Clause}", officer.Id, id)));
        return refusal;
    }
}
