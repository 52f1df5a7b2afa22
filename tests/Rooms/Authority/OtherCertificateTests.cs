using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Jpki.Authority;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Host;
using Jpki.X509;
using Xunit;
using PublicKey = Jpki.X509.PublicKey;

namespace Jpki.Tests.Rooms.Authority;

/// <summary>Certificates of terminals, doors, responders and the validation server: renewed, and ended.</summary>
public sealed class OtherCertificateTests
{
    [Fact, Cps("5-2-1-1(6)")]
    public async Task Two_senior_operators_end_a_terminals_certificate_for_good()
    {
        await using var house = await AuthorityHouse.Open();
        using var key = NewKey();
        var terminal = await house.Room.Operations.IssueClient(
            CallerRole.Terminal, "11201T009", PublicKey.From(key), "test");
        var serial = terminal.Serial.ToString();
        Assert.Null(house.Room.Operations.ObjectionTo(serial));

        var ended = await Revoke(house, serial);
        var again = await Revoke(house, serial);
        await house.Restart();

        Assert.Equal("Terminal 11201T009", ended.Value?.Bearer);
        Assert.Equal("4-4-2-4", again.Refusal?.Clause.Number);
        Assert.Equal("5-2-2③", house.Room.Operations.ObjectionTo(serial)?.Clause.Number);
        Assert.Contains($"keyCompromise\",\"source\":\"senior-1+senior-2\",\"about\":\"Terminal 11201T009 {serial}",
            house.Log(), StringComparison.Ordinal);
    }

    [Fact, Cps("5-2-1-1(6)")]
    public async Task What_was_never_issued_and_what_has_acts_of_its_own_cannot_be_ended_so()
    {
        await using var house = await AuthorityHouse.Open();
        var resident = await house.Issued();
        var anchor = house.Room.Operations.Anchor.Serial.ToString();

        Assert.Equal("4-4-2", (await Revoke(house, "1234")).Refusal?.Clause.Number);
        Assert.Equal("4-4-2", (await Revoke(house, resident.Serial.ToString())).Refusal?.Clause.Number);
        Assert.Equal("5-2-2③", (await Revoke(house, anchor)).Refusal?.Clause.Number);
        Assert.Equal("4-14-2", (await Revoke(house, anchor, RevocationReason.CaCompromise)).Refusal?.Clause.Number);
    }

    [Fact, Cps("5-2-2①")]
    public async Task One_approval_ends_one_certificate()
    {
        await using var house = await AuthorityHouse.Open();
        using var key = NewKey();
        var first = await house.Room.Operations.IssueClient(CallerRole.Terminal, "11201T009", PublicKey.From(key), "t");
        var approved = house.Agreed(
            Duties.RevokeOtherCertificate, new OtherRevocation($"{first.Serial}", RevocationReason.Superseded, "x"));

        Assert.Null((await OtherCertificates.Revoke(house.Room, approved)).Refusal);
        Assert.NotNull((await OtherCertificates.Revoke(house.Room, approved)).Refusal);
    }

    [Fact, Cps("5-2-2③")]
    public async Task A_terminal_gets_its_next_certificate_in_the_last_90_days_and_both_are_good()
    {
        await using var house = await AuthorityHouse.Open();
        using var key = NewKey();
        var old = await house.Room.Operations.IssueClient(
            CallerRole.Terminal, "11201T009", PublicKey.From(key), "test");

        var early = await Renew(house, old, key);
        house.Clock.SetUtcNow(old.NotAfter - TimeSpan.FromDays(89));
        var next = await Renew(house, old, key);
        var again = await Renew(house, old, key);
        house.Clock.SetUtcNow(old.NotAfter + TimeSpan.FromDays(1));
        var late = await Renew(house, old, key);

        Assert.Equal("5-2-2③", early.Refusal?.Clause.Number);
        var certificate = Certificate.Read(next.Value!.Certificate);
        Assert.Equal(old.Subject, certificate.Subject);
        Assert.True(certificate.NotBefore < old.NotAfter);
        Assert.True(certificate.NotAfter > old.NotAfter.AddYears(4));
        Assert.Equal(next.Value.Certificate, again.Value?.Certificate);
        Assert.Equal("5-2-2③", late.Refusal?.Clause.Number);
        using ScratchFolder scratch = new();
        Tool.Run("openssl", "verify", "-attime", $"{(old.NotAfter - TimeSpan.FromDays(1)).ToUnixTimeSeconds()}",
            "-purpose", "sslclient",
            "-CAfile", scratch.WritePem("ca.pem", "CERTIFICATE", house.Room.Operations.Anchor.Der),
            scratch.WritePem("old.pem", "CERTIFICATE", old.Der),
            scratch.WritePem("new.pem", "CERTIFICATE", certificate.Der)).Succeeded();
    }

    [Fact, Cps("5-2-3")]
    public async Task A_door_keeps_its_hosts_and_who_was_ended_or_is_not_of_here_gets_nothing()
    {
        await using var house = await AuthorityHouse.Open();
        using var key = NewKey();
        var door = await house.Room.Operations.IssueDoor(
            CallerRole.OcspNode, "ocsp-1", PublicKey.From(key), ["localhost", "127.0.0.1"]);
        house.Clock.SetUtcNow(door.NotAfter - TimeSpan.FromDays(30));

        var next = Certificate.Read((await Renew(house, door, key)).Value!.Certificate);
        await Revoke(house, door.Serial.ToString());

        foreach (var oid in (string[])[Oids.SubjectAltName, Oids.ExtendedKeyUsage])
            Assert.Equal(door.Find(oid)!.Value.ToArray(), next.Find(oid)!.Value.ToArray());
        Assert.Equal("5-2-2③", (await Renew(house, door, key)).Refusal?.Clause.Number);
        var stranger = await InnerRenewals.Renew(
            house.Room, new RenewalRequest(OfficerKey.Request("11201T001", key)), house.Terminal);
        Assert.Equal("5-2-3", stranger.Refusal?.Clause.Number);
    }

    [Fact, Cps("1-3-2③"), Cps("5-2-1-1(6)")]
    public async Task The_validation_servers_key_keeps_its_certificate_until_it_is_ended()
    {
        await using var house = await AuthorityHouse.Open();
        using var key = NewKey();
        var server = ControlRoom.ConsoleHouse.NewCaller(CallerRole.ValidationServer, "validation-1", key);
        using var own = TestKey.Rsa();
        ValidationServerRequest asked = new(
            CertificationRequest.Create(Name.Parse("CN=v"), own.PublicKey, own.Algorithm, own.SignHash));

        var first = (await house.Room.ValidationServers.Certify(asked, server)).Value!;
        var again = (await house.Room.ValidationServers.Certify(asked, server)).Value!;
        var run = await house.Room.Crls.Issue("test", "test");
        var certificate = Certificate.Read(first.Certificate!);
        Assert.Null((await Revoke(house, certificate.Serial.ToString())).Refusal);
        var ended = (await house.Room.ValidationServers.Certify(asked, server)).Value!;
        var after = await house.Room.Crls.Issue("test", "test");

        Assert.Equal(first.Certificate, again.Certificate);
        Assert.Null(ended.Certificate);
        Assert.Equal(certificate.NotBefore.AddYears(1).Date, certificate.NotAfter.Date.AddDays(1));
        Assert.Empty(house.Lists(run)["prefecture"].Entries());
        Assert.Equal(
            certificate.Serial, house.Lists(after)["prefecture"].Entries().Single().Serial);
        using ScratchFolder scratch = new();
        Tool.Run("openssl", "verify", "-CAfile",
            scratch.WritePem("ca.pem", "CERTIFICATE", first.AuthorityCertificate),
            "-attime", $"{certificate.NotBefore.ToUnixTimeSeconds()}",
            scratch.WritePem("v.pem", "CERTIFICATE", first.Certificate)).Succeeded();
    }

    private static ECDsa NewKey() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static Task<Outcome<OtherRevocationAnswer>> Revoke(
        AuthorityHouse house, string serial, RevocationReason reason = RevocationReason.KeyCompromise) =>
        OtherCertificates.Revoke(house.Room, house.Agreed(
            Duties.RevokeOtherCertificate, new OtherRevocation(serial, reason, "紛失")));

    private static Task<Outcome<ClientCertificateAnswer>> Renew(AuthorityHouse house, Certificate shown, ECDsa key) =>
        InnerRenewals.Renew(
            house.Room, new RenewalRequest(OfficerKey.Request("any", key)),
            Caller.Of(X509CertificateLoader.LoadCertificate(shown.Der.Span))!);
}
