using Jpki.Counter;
using Jpki.Cps;
using Jpki.Host;
using Jpki.Host.Commands;
using Xunit;

namespace Jpki.Tests.Scenarios;

/// <summary>Store and forward at the worst moment: kill -9 while a counter's notices are on their way.</summary>
public sealed class AKeptNotice
{
    private const int Applicants = 12;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact, Cps("4-2-1"), Cps("4-2-3")]
    public async Task Is_sent_after_a_kill_until_it_is_answered_and_each_applicant_has_one_certificate()
    {
        await using RunningPrefecture prefecture = new() { Residents = 2_000 };
        await prefecture.Start();
        var applications = await Prepare(prefecture);

        await SendAndKill(prefecture, applications);
        await prefecture.Start();
        using SandboxClient sandbox = new(Endpoints.Read(prefecture.Data));
        var counter = await CounterVisit.LogIn(sandbox, "11201");
        foreach (var id in applications)
        {
            var application = await Settled(counter, id);
            Assert.Equal(ApplicationState.Issued, application.State);
            var held = await counter.Get<HeldCertificate[]>($"residents/{application.ResidentId}/certificates");
            Assert.Equal(application.Serial, Assert.Single(held).Serial);
        }
        AKilledPrefecture.AssertLogsAreWhole(prefecture);
    }

    private static async Task<List<string>> Prepare(RunningPrefecture prefecture)
    {
        using SandboxClient sandbox = new(Endpoints.Read(prefecture.Data));
        var counter = await CounterVisit.LogIn(sandbox, "11201");
        var today = JapanTime.DayOf(await sandbox.Now());
        List<string> prepared = [];
        foreach (var resident in await counter.Get<Resident[]>(
            $"residents?withoutCertificate=true&limit={Applicants}"))
        {
            var form = CounterVisit.FormOf(resident, today);
            var id = (await counter.Post<IssuanceApplication>("applications", form)).Id;
            await counter.Post<IssuanceApplication>($"applications/{id}/match");
            await counter.Post<IssuanceApplication>($"applications/{id}/identity", CounterVisit.Evidence(today));
            var handOver = await counter.Post<HandOver>($"applications/{id}/hand-over");
            await counter.Post<KeyPairMade>(
                "device/key-pair", new DeviceForm(handOver.Code, "CARD42PASS", "CARD42PASS", KeyKind.P256));
            prepared.Add(id);
        }
        return prepared;
    }

    /// <summary>As soon as the first is answered.</summary>
    private static async Task SendAndKill(RunningPrefecture prefecture, List<string> applications)
    {
        using SandboxClient sandbox = new(Endpoints.Read(prefecture.Data));
        var counter = await CounterVisit.LogIn(sandbox, "11201");
        var sending = applications.Select(id => Send(counter, id)).ToList();
        await Task.WhenAny(sending);
        await prefecture.Kill();
        await Task.WhenAll(sending);
    }

    private static async Task Send(CounterVisit counter, string id)
    {
        try
        {
            await counter.Post<IssuanceApplication>($"applications/{id}/notice");
        }
        catch (Exception e) when (e is BrokenException or IOException)
        {
            // That is what a kill looks like from the counter.
        }
    }

    /// <summary>The officer's last click again where it was lost; then nothing but waiting.</summary>
    private static async Task<IssuanceApplication> Settled(CounterVisit counter, string id)
    {
        var application = await counter.Get<IssuanceApplication>($"applications/{id}");
        if (application.State == ApplicationState.KeyPairMade)
            application = await counter.Post<IssuanceApplication>($"applications/{id}/notice");
        for (var waited = TimeSpan.Zero;
            application.State == ApplicationState.Waiting && waited < Patience;
            waited += TimeSpan.FromMilliseconds(200))
        {
            await Task.Delay(200, TestContext.Current.CancellationToken);
            application = await counter.Get<IssuanceApplication>($"applications/{id}");
        }
        return application;
    }
}
