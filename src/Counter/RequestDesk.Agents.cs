using Jpki.Cps;

namespace Jpki.Counter;

/// <summary>
/// Disclosures and corrections that an agent asks for, with the papers and the letter of an agent's application; what
/// touches a card wants its holder. (CPS 2-8-6, 2-8-8, 3-1-10)
/// </summary>
public sealed partial class RequestDesk : IAgentsPapers
{
    /// <summary>
    /// The agent comes again: who it is, and what the one it is about has answered. A doubt ends it. (CPS 3-1-10)
    /// </summary>
    public async Task<Outcome<CounterRequest>> Prove(OfficerOnDuty officer, string id, IdentityEvidence evidence)
    {
        if (Inquiring(officer, id).IsRefused(out var refusal, out var request))
            return refusal;
        var heard = desk.Store.Read(db => LetterBooks.WithReply(db, id, evidence));
        if (desk.Match(officer, request.Person!).IsRefused(out refusal, out var match)
            || IdentityProof.Of(match, heard, byAgent: true, desk.Today).IsRefused(out refusal, out var proof))
        {
            if (evidence.HasDoubt)
                await Decline(officer, request, refusal);
            return await Refuse(officer, id, refusal);
        }
        return await Advance(officer, request with
        {
            State = RequestState.Received,
            ResidentId = proof.Resident.Id,
            Officer = officer.Id,
        });
    }

    Outcome<Inquiry> IAgentsPapers.InquiryOf(OfficerOnDuty officer, string id) =>
        Find(officer, id).IsRefused(out var refusal, out var request) ? refusal
        : request.Person is not { } person ? new Refusal("4-1-1(2)", "照会書は、代理申請のときに送ります。")
        : new Inquiry(Wording.Of(request.Kind), person, Inquiring(officer, id).Refusal);

    async Task IAgentsPapers.Disown(OfficerOnDuty officer, string id, Refusal refusal)
    {
        if (Inquiring(officer, id).Value is { } request)
            await Decline(officer, request, refusal);
    }

    private async Task<Outcome<CounterRequest>> Inquire(
        OfficerOnDuty officer, RequestForm form, CounterRequest request)
    {
        if (form.Kind is not (RequestKind.Disclosure or RequestKind.Correction))
        {
            return await Refuse(officer, null,
                new(ClauseOf(form.Kind), "この請求は、本人が来庁して行います。") { Field = "agentName" });
        }
        if (desk.Match(officer, form.Person!).IsRefused(out var refusal, out var match))
            return await Refuse(officer, null, refusal);
        return await Keep(
            officer, request with
            {
                State = RequestState.Inquiring,
                ResidentId = match.Resident.Id,
                Person = form.Person,
            },
            ApplicationBooks.PaperOf(form with { Identity = null }));
    }

    private Outcome<CounterRequest> Inquiring(OfficerOnDuty officer, string id) =>
        Find(officer, id).IsRefused(out var refusal, out var request) ? refusal
        : request.State == RequestState.Inquiring ? request
        : new Refusal(ClauseOf(request.Kind), $"この請求は「{Wording.Of(request.State)}」です。この手順は行えません。");

    private async Task Decline(OfficerOnDuty officer, CounterRequest request, Refusal why) =>
        await Advance(officer, request with
        {
            State = RequestState.Declined,
            Answer = why.Reason,
            AnsweredAt = desk.Now,
            Officer = officer.Id,
        });

    private async Task<Outcome<CounterRequest>> Advance(OfficerOnDuty officer, CounterRequest request) =>
        await desk.Store.Write(tx =>
        {
            if (!RequestBooks.Update(tx, request, RequestState.Inquiring))
                return new Refusal(ClauseOf(request.Kind), "この請求は、同時に別の操作で進められました。");
            tx.Record(new("request", desk.Now, request.State.ToString(), officer.Id, request.Id));
            return (Outcome<CounterRequest>)request;
        });
}
