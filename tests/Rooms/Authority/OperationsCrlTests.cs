using System.Numerics;
using System.Security.Cryptography;
using Jpki.Authority;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Hsm;
using Jpki.Tests.Rooms.Hsm;
using Jpki.X509;
using Xunit;
using PublicKey = Jpki.X509.PublicKey;

namespace Jpki.Tests.Rooms.Authority;

/// <summary>The operations CA's CRL, in the eyes of OpenSSL.</summary>
public sealed class OperationsCrlTests(SoftHsm softHsm)
{
    [Fact, Cps("5-2-2③"), Cps("5-2-1-1(6)")]
    public async Task Openssl_takes_a_terminals_certificate_until_two_senior_operators_end_it()
    {
        await using var house = await PublishedHouse.Open();
        var (lost, kept) = (await Terminal(house, "11201T008"), await Terminal(house, "11201T009"));

        var before = Verify(house, lost);
        await Revoke(house, lost);

        Assert.Contains("OK", before.Succeeded().Text, StringComparison.Ordinal);
        Assert.Contains("certificate revoked", Verify(house, lost).Errors, StringComparison.Ordinal);
        Verify(house, kept).Succeeded();
        var text = Openssl(house, "crl", "-noout", "-text").Succeeded();
        Assert.Contains("verify OK", text.Errors, StringComparison.Ordinal);
        Assert.Contains("X509v3 CRL Number", text.Text, StringComparison.Ordinal);
        Assert.Contains("Key Compromise", text.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Issuing Distribution Point", text.Text, StringComparison.Ordinal);
        using ScratchFolder scratch = new();
        Assert.Contains(
            "URI:http://site.example/tls-ca.crl",
            Tool.Run("openssl", lost.Der.ToArray(), "x509", "-inform", "DER", "-noout", "-ext", "crlDistributionPoints")
                .Succeeded().Text,
            StringComparison.Ordinal);
    }

    [Fact, Cps("4-4-9"), Cps("2-1-2(22)")]
    public async Task A_list_comes_with_each_run_of_the_others_and_lasts_three_days_from_there()
    {
        await using var house = await PublishedHouse.Open();
        var first = Newest(house);

        await house.DoWhatIsDue();
        Assert.Equal(first.Der.ToArray(), Newest(house).Der.ToArray());
        house.Authority.Clock.Advance(TimeSpan.FromHours(3));
        await Revoke(house, await Terminal(house, "11201T009"));
        var ended = Newest(house);
        house.Authority.Clock.Advance(TimeSpan.FromHours(21));
        await house.DoWhatIsDue();
        var next = Newest(house);

        Assert.Equal([1, 2, 3], ((Crl[])[first, ended, next]).Select(Number));
        Assert.Equal(house.Authority.Room.Crls.LastRun!.ThisUpdateAt, next.ThisUpdate);
        Assert.Equal(next.ThisUpdate.AddHours(72), next.NextUpdate);
        Assert.Equal([0, 1, 1], ((Crl[])[first, ended, next]).Select(l => l.Entries().Count()));
    }

    [Fact, Cps("4-4-10")]
    public async Task A_list_comes_also_while_the_repository_cannot_be_reached()
    {
        await using var house = await PublishedHouse.Open();
        house.IsReachable = false;

        house.Authority.Clock.Advance(TimeSpan.FromHours(24));
        await house.DoWhatIsDue();

        Assert.NotNull(house.Publisher.Trouble);
        Assert.Equal(2, Number(Newest(house)));
    }

    [Fact]
    public async Task A_certificate_that_has_ended_stays_on_one_more_list()
    {
        await using var house = await PublishedHouse.Open();
        var terminal = await Terminal(house, "11201T009");
        await Revoke(house, terminal);

        house.Authority.Clock.SetUtcNow(terminal.NotAfter + TimeSpan.FromHours(1));
        await house.DoWhatIsDue();
        var entries = Newest(house).Entries().Count();
        house.Authority.Clock.Advance(TimeSpan.FromHours(24));
        await house.DoWhatIsDue();

        Assert.Equal((1, 0), (entries, Newest(house).Entries().Count()));
    }

    [Fact, Cps("5-2-2③")]
    public async Task A_revocation_whose_list_a_crash_prevented_is_listed_at_the_next_start_under_the_next_number()
    {
        await using var house = await PublishedHouse.Open();
        var terminal = await Terminal(house, "11201T009");
        // What is on disk when the process dies between the two commits.
        await house.Authority.Room.Store.Write(tx => OperationsBooks.Revoke(
            tx, $"{terminal.Serial}", RevocationReason.KeyCompromise, house.Authority.Clock.GetUtcNow()));
        Assert.Empty(Newest(house).Entries());

        await house.Restart();
        await house.DoWhatIsDue();

        Assert.Equal(2, Number(Newest(house)));
        Assert.Equal(terminal.Serial, Newest(house).Entries().Single().Serial);
    }

    [Fact, Cps("6-2-1-8"), Cps("5-2-2③")]
    public async Task While_its_key_cannot_sign_a_revocation_holds_and_its_list_follows_by_itself()
    {
        using ScratchFolder folder = new();
        void Lay() => SecretFile.Write(folder["pin"], System.Text.Encoding.ASCII.GetBytes(SoftHsm.Pin));
        using (var maker = softHsm.Open(SoftHsm.Authority))
            maker.Generate(OperationsCa.KeyLabel, KeySpec.EcP256);
        Lay();
        using Pkcs11Hsm hsm = new(SoftHsm.Module, SoftHsm.Authority, new FileInfo(folder["pin"]));
        await using var house = await PublishedHouse.Open(await AuthorityHouse.Open(operations: hsm));
        using CancellationTokenSource stop = new();
        var running = house.Publisher.Run(stop.Token);
        var terminal = await Terminal(house, "11201T009");

        File.Delete(folder["pin"]);
        await Revoke(house, terminal);

        Assert.Contains("is not activated", house.Publisher.Trouble, StringComparison.Ordinal);
        Assert.Equal(
            "5-2-2③", house.Authority.Room.Operations.ObjectionTo($"{terminal.Serial}")?.Clause.Number);
        Assert.Empty(Newest(house).Entries());
        Lay();
        for (var tries = 0; house.Publisher.Trouble is not null && tries < 300; tries++)
            await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Equal(terminal.Serial, Newest(house).Entries().Single().Serial);
        await stop.CancelAsync();
        await running.ContinueWith(static _ => { }, TaskScheduler.Default);
    }

    private static Crl Newest(PublishedHouse house) => house.Authority.Room.Operations.Crls.Newest!;

    private static BigInteger Number(Crl list) => Extensions.ReadCrlNumber(list.Find(Oids.CrlNumber)!);

    private static async Task<Certificate> Terminal(PublishedHouse house, string id)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return await house.Authority.Room.Operations.IssueClient(CallerRole.Terminal, id, PublicKey.From(key), "test");
    }

    private static async Task Revoke(PublishedHouse house, Certificate certificate) =>
        Assert.Null((await OtherCertificates.Revoke(house.Authority.Room, house.Authority.Agreed(
            Duties.RevokeOtherCertificate,
            new OtherRevocation($"{certificate.Serial}", RevocationReason.KeyCompromise, "紛失")))).Refusal);

    private static ToolAnswer Verify(PublishedHouse house, Certificate certificate)
    {
        using ScratchFolder scratch = new();
        return Tool.Run(
            "openssl", "verify", "-attime", $"{house.Authority.Clock.GetUtcNow().ToUnixTimeSeconds()}",
            "-crl_check", "-CAfile", Anchor(scratch, house),
            "-CRLfile", scratch.WritePem("list", "X509 CRL", Newest(house).Der),
            scratch.WritePem("target", "CERTIFICATE", certificate.Der));
    }

    private static ToolAnswer Openssl(PublishedHouse house, string command, params string[] options)
    {
        using ScratchFolder scratch = new();
        return Tool.Run(
            "openssl", Newest(house).Der.ToArray(),
            [command, "-inform", "DER", "-CAfile", Anchor(scratch, house), .. options]);
    }

    private static string Anchor(ScratchFolder scratch, PublishedHouse house) =>
        scratch.WritePem("anchor", "CERTIFICATE", house.Authority.Room.Operations.Anchor.Der);
}
