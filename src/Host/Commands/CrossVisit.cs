using System.Text.Json;
using Jpki.ControlRoom.Cross;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Host.Outside;

namespace Jpki.Host.Commands;

/// <summary>
/// The sandbox's officers lead papers about cross certificates all the way, and carry them to the bridge CA and back.
/// (CPS 4-6 … 4-10)
/// </summary>
internal sealed class CrossVisit(SandboxClient sandbox)
{
    private readonly ConsoleVisit console = new(sandbox);

    /// <summary>What counts now between the governor and the bridge CA.</summary>
    public Task<CrossStanding[]> Standing() =>
        console.Get<CrossStanding[]>(Duties.WatchTheSystem, "api/cross/standing");

    /// <summary>Exchanges certificates with the bridge CA, unless both count already.</summary>
    public async Task Connect()
    {
        var at = await sandbox.Now();
        if ((await Standing()).Count(s => s.NotAfter > at && s.HasReceipt && s.Changes.Count == 0) == 2)
            return;
        var bridge = await Outside<BridgePapers>("bridge", new { });
        var ours = await Lead("cross-issue", Duties.IssueCrossCertificate, new CrossRequest
        {
            Occasion = CrossOccasion.First,
            CertificationRequest = bridge.CertificationRequest,
            KeySha256 = bridge.KeySha256,
        });
        var application = await console.Get<CrossApplication>(Duties.ReceiveCrossPapers, "api/cross/application");
        var theirs = await Outside<OutsideCertificate>(
            "exchange", new GovernorPapers(application.CertificationRequest, ours.Answer!.Certificate));
        await FileReceipt(ours.Id, "個人認証 BCA の受領書（検証用）");
        var taken = await Lead(
            "cross-acceptance", Duties.IssueCrossCertificate, new CrossAcceptance(theirs.Certificate));
        await Outside<GovernorReceipt>("receipts", new GovernorReceipt(theirs.Certificate, ours.Answer!.Certificate));
        await FileReceipt(taken.Id, "埼玉県知事の受領書（検証用）");
    }

    /// <summary>Reception, examination, approval, and the two who do it. What became of the papers.</summary>
    public async Task<CrossCase> Lead(string work, Duty duty, object subject)
    {
        var received = await console.Send<CrossCase>(Duties.ReceiveCrossPapers, "api/cross", new CrossReception
        {
            Id = ConsoleVisit.NewId(),
            Work = work,
            Subject = JsonSerializer.SerializeToElement(subject, FormJson.Options),
            RequesterProof = "検証用サンドボックスの個人認証 BCA であることを確認した",
            ConnectionTest = "検証用サンドボックスの接続テストに合格した",
            Finding = "受け付けた",
        });
        await console.Send<CrossCase>(
            Duties.ExamineCrossPapers, $"api/cross/{received.Id}/examination", new CrossFinding("適合", Passes: true));
        var approved = await console.Send<CrossCase>(
            Duties.ApproveCrossPapers, $"api/cross/{received.Id}/approval", new CrossFinding("承認", Passes: true));
        await console.Do(duty, work, JsonSerializer.Deserialize<JsonElement>(approved.Order!));
        return await console.Get<CrossCase>(Duties.ReceiveCrossPapers, $"api/cross/{received.Id}");
    }

    private Task<CrossCase> FileReceipt(string id, string receipt) => console.Send<CrossCase>(
        Duties.ReceiveCrossPapers, $"api/cross/{id}/receipt", new { receipt });

    public Task<T> Outside<T>(string path, object form) => SandboxClient.Read<T>(
        sandbox.Sandbox().PostAsJsonAsync($"outside/{path}", form, FormJson.Options));
}
