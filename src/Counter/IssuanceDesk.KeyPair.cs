using Jpki.Card;
using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.Counter;

/// <summary>The step at the key pair device. 鍵ペアの生成 (CPS 4-1-1③, 6-1-2)</summary>
public sealed partial class IssuanceDesk
{
    private static readonly Refusal ForTheApplicantAlone =
        new("6-4-2-1", "パスワードは、申請者本人が鍵ペア生成装置で入力します。職員は入力できません。");

    private static readonly Refusal ForTheOfficer =
        new("4-1-1(3)", "代理申請では、パスワードの入力は職員が行います。");

    /// <summary>Sends the applicant to the device. (CPS 4-1-1③)</summary>
    public async Task<Outcome<HandOver>> SendToDevice(OfficerOnDuty officer, string id) =>
        Open(officer, id, ApplicationState.Proven).IsRefused(out var refusal, out var application) ? refusal
        : application.Form.Agent is not null ? await Refuse(officer, "hand-over", id, ForTheOfficer)
        : await handOvers.Begin(officer, DeviceTask.MakeKeyPair, id);

    /// <summary>
    /// The applicant's own key pair, with a password that no officer sees. The private key goes to the card and is
    /// erased here. (CPS 4-1-1③, 6-2-2-4, 6-4-2-1)
    /// </summary>
    public async Task<Outcome<IssuanceApplication>> MakeKeyPair(
        DeviceVisit visit, KeyKind kind, string password, string passwordAgain) =>
        visit.Task != DeviceTask.MakeKeyPair ? ForTheApplicantAlone
        : Open(visit.SentBy, visit.About, ApplicationState.Proven).IsRefused(out var refusal, out var application)
            ? refusal
        : application.Form.Agent is not null ? ForTheOfficer
        : await MakeKeyPair(visit.SentBy, application, kind, password, passwordAgain);

    /// <summary>The same for an agent, where the officer sets the password. (CPS 4-1-1(3))</summary>
    public async Task<Outcome<IssuanceApplication>> MakeKeyPair(
        OfficerOnDuty officer, string id, KeyKind kind, string password, string passwordAgain) =>
        Open(officer, id, ApplicationState.Proven).IsRefused(out var refusal, out var application) ? refusal
        : application.Form.Agent is null ? await Refuse(officer, "key pair", id, ForTheApplicantAlone)
        : await MakeKeyPair(officer, application, kind, password, passwordAgain);

    private async Task<Outcome<IssuanceApplication>> MakeKeyPair(
        OfficerOnDuty officer, IssuanceApplication application, KeyKind kind, string password, string passwordAgain)
    {
        var held = Held(application.ResidentId!);
        if (KindObjection(application, held) is { } closed)
            return await Refuse(officer, "key pair", application.Id, closed);
        if (Identify(application, application.Identity!).IsRefused(out var refusal, out var proof)
            || ChosenPassword.Of(password, passwordAgain).IsRefused(out refusal, out var chosen)
            || KeyPairDevice.Generate(proof, kind, options).IsRefused(out refusal, out var key))
        {
            return await Refuse(officer, "key pair", application.Id, refusal);
        }
        using (key)
        {
            var renewed = ApplicationKinds.Live(held, desk.Now);
            var made = await NewSubject(application) with
            {
                State = ApplicationState.KeyPairMade,
                KeyKind = kind,
                Renews = renewed?.Serial,
            };
            return (await MoveToCard(officer, made, key, chosen, CardOf(renewed))).IsRefused(out refusal, out var done)
                ? refusal
                : await Save(officer, application, done, "key pair");
        }
    }

    private async Task<IssuanceApplication> NewSubject(IssuanceApplication application)
    {
        var terminal = desk.TerminalOf(application.Municipality);
        var sequence = await desk.Store.Write(tx => SubjectNames.NextSequence(tx, terminal.Id));
        return application with { SubjectCommonName = SubjectCommonName.Of(desk.Now, sequence, terminal.Id) };
    }

    /// <summary>A card that fails or is pulled out stops the step; what it was doing is in the log.</summary>
    private async Task<Outcome<IssuanceApplication>> MoveToCard(
        OfficerOnDuty officer, IssuanceApplication made, HolderKey key, ChosenPassword chosen, string? handedIn)
    {
        var name = made.SubjectCommonName!;
        var locality = MunicipalityOf(made).LocalityOf(made.Certified!.Address)!;
        var subject = SubjectNames.Subject(options.Prefecture, locality, name);
        try
        {
            return cards.Write(name, handedIn, card => made with
            {
                CardNumber = card.Number,
                CertificationRequest = key.MoveTo(card, chosen, subject),
            });
        }
        catch (CardException e)
        {
            await desk.Store.Write(tx =>
                tx.Record(new("card", desk.Now, $"failed at {e.Step ?? "the reader"}", officer.Id, made.Id)));
            return new Refusal("6-2-2-4",
                "カードに書き込めませんでした。カードを入れ直して、鍵ペアの生成からやり直してください。");
        }
    }

    /// <summary>Who renews hands in the card that holds the certificate. (CPS 4-1-1①)</summary>
    private string? CardOf(HeldCertificate? renewed) => renewed is null ? null
        : desk.Store.Read(db => ApplicationBooks.Find(db, renewed.Application))?.SubjectCommonName;

    private IReadOnlyList<HeldCertificate> Held(string resident) =>
        desk.Store.Read(db => CertificateBooks.Of(db, resident));

    private Refusal? KindObjection(IssuanceApplication application, IReadOnlyList<HeldCertificate> held) =>
        ApplicationKinds.Objection(application.Form.Kind, held, desk.Now, options.RenewalMonths);
}
