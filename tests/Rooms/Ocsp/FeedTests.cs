using Jpki.Cps;
using Jpki.Ocsp;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.Ocsp;

public sealed class FeedTests
{
    [Fact, Cps("4-4-4-2")]
    public async Task A_silent_feed_stops_the_answers_until_it_speaks_again()
    {
        await using var node = await OcspNode.Start(silenceLimit: TimeSpan.FromMilliseconds(300));
        Assert.NotNull((await node.Ask(node.Admitted, node.Id(1))).Basic);

        node.Authority.IsTalking = false;
        await OcspNode.Until(() => !node.Responder.Health.IsAnswering);

        Assert.Equal(OcspResponseStatus.TryLater, (await node.Ask(node.Admitted, node.Id(1))).Status);
        Assert.Equal(OcspResponseStatus.SigRequired, (await node.Ask(OcspNode.Stranger, node.Id(1))).Status);

        node.Authority.IsTalking = true;
        await OcspNode.Until(() => node.Responder.Health.IsAnswering);
    }

    [Fact]
    public async Task A_gap_makes_the_node_start_over()
    {
        await using var node = await OcspNode.Start(silenceLimit: TimeSpan.FromMilliseconds(300));
        node.Authority.Change(1);
        await node.Heard(1);
        node.Authority.IsTalking = false;
        await OcspNode.Until(() => !node.Responder.Health.IsAnswering);
        node.Authority.Missing = 2;
        node.Authority.Change(2, RevocationReason.KeyCompromise);
        node.Authority.Change(3);
        node.Authority.IsTalking = true;

        await node.Heard(3);

        Assert.Equal(CertStatus.Revoked, (await node.AskOne(node.Id(2))).Status);
        Assert.Equal(CertStatus.Good, (await node.AskOne(node.Id(1))).Status);
    }

    [Fact]
    public async Task An_Authority_that_knows_less_is_not_believed_halfway()
    {
        await using var node = await OcspNode.Start(silenceLimit: TimeSpan.FromMilliseconds(300));
        node.Authority.Change(1);
        node.Authority.Change(2);
        await node.Heard(2);
        node.Authority.IsTalking = false;
        await OcspNode.Until(() => !node.Responder.Health.IsAnswering);
        node.Authority.Forget(1);
        node.Authority.IsTalking = true;

        await OcspNode.Until(() => node.Responder.Health is { Position: 1, IsAnswering: true });

        Assert.Equal(CertStatus.Unknown, (await node.AskOne(node.Id(2))).Status);
    }

    [Fact]
    public async Task A_node_that_starts_again_keeps_its_certificate()
    {
        await using var node = await OcspNode.Start();
        using CancellationTokenSource stop = new();
        Responder second = new(node.Parts(TimeSpan.FromSeconds(5)));
        var running = second.Run(stop.Token);
        await OcspNode.Until(() => second.Health.IsAnswering);
        await stop.CancelAsync();
        await running;

        Assert.Equal(1, node.Authority.Certified);
        Assert.Single(Directory.GetFiles(node.Folder, "*.cer"));
    }

    [Fact, Cps("1-3-2④")]
    public async Task A_certificate_with_less_than_30_days_left_is_replaced_and_its_key_too()
    {
        await using var node = await OcspNode.Start();
        var folder = Directory.CreateTempSubdirectory("jpki-ocsp-").FullName;
        node.Authority.ResponderLife = TimeSpan.FromDays(29);
        using CancellationTokenSource stop = new();
        Responder other = new(node.Parts(TimeSpan.FromSeconds(5)) with
        {
            Folder = folder,
            Hsm = new Jpki.Hsm.SoftwareHsm(Path.Combine(folder, "keys")),
        });
        var running = other.Run(stop.Token);
        await OcspNode.Until(() => Directory.GetFiles(folder, "*.cer").Length >= 1);
        node.Authority.ResponderLife = TimeSpan.FromDays(365);
        await OcspNode.Until(() => Directory.GetFiles(folder, "*.cer").Length >= 2);
        await stop.CancelAsync();
        await running;

        var keys = Directory.GetFiles(folder, "*.cer").Select(f => Certificate.Read(File.ReadAllBytes(f)).PublicKey);
        Assert.Equal(2, keys.Distinct().Take(2).Count());
        Directory.Delete(folder, recursive: true);
    }
}
