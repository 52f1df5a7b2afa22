using Jpki.Cps;

namespace Jpki.Counter;

/// <summary>Applications that agents bring. 代理申請 (CPS 3-1-10, 4-1-1(2))</summary>
public sealed partial class IssuanceDesk : IAgentsPapers
{
    Outcome<Inquiry> IAgentsPapers.InquiryOf(OfficerOnDuty officer, string id) =>
        Find(officer, id).IsRefused(out var refusal, out var application) ? refusal
        : application.Form.Agent is null ? new Refusal("4-1-1(2)", "照会書は、代理申請のときに送ります。")
        : new Inquiry(
            "電子証明書の発行の申請", application.Form, Open(officer, id, ApplicationState.Matched).Refusal);

    async Task IAgentsPapers.Disown(OfficerOnDuty officer, string id, Refusal refusal)
    {
        if (Open(officer, id, ApplicationState.Matched).Value is { } application)
            await End(officer, application, refusal, "letter");
    }
}
