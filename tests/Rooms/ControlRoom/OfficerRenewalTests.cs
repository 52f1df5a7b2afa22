using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Jpki.ControlRoom.Officers;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Host;
using Xunit;

namespace Jpki.Tests.Rooms.ControlRoom;

/// <summary>An officer gets his next certificate with his present one; for a while both open the door.</summary>
public sealed class OfficerRenewalTests
{
    [Fact, Cps("5-2-2③"), Cps("5-2-3")]
    public async Task A_renewed_certificate_and_the_one_before_both_log_in_until_the_older_ends()
    {
        await using var house = await ConsoleHouse.OpenForYears();
        using var old = await Enrolled(house, "senior-1");
        house.Clock.SetUtcNow(old.Caller.Certificate.NotAfter.ToUniversalTime().AddDays(-60));
        using var fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var duty = await Duty(house, old.Caller);
        Assert.NotNull(house.Console.Renewals.DueOf(duty));

        var renewed = ConsoleHouse.Done(
            await house.Console.Renewals.Renew(duty, old.Caller, Wish(old, "senior-1", fresh)));
        var next = Caller.Of(X509CertificateLoader.LoadCertificate(renewed.Certificate))!;

        Assert.Equal("senior-1", (await Duty(house, next)).Id);
        Assert.Equal("senior-1", (await Duty(house, old.Caller)).Id);
        Assert.Null(house.Console.Renewals.DueOf(duty));
        house.Clock.SetUtcNow(old.Caller.Certificate.NotAfter.ToUniversalTime().AddDays(1));
        Assert.Equal("senior-1", (await Duty(house, next)).Id);
        Assert.Equal("5-2-3", ConsoleHouse.Clause(await house.Console.LogIns.LogIn(old.Caller, ConsoleHouse.Password)));
    }

    [Fact, Cps("5-2-2③")]
    public async Task The_same_wish_again_gets_the_same_certificate_and_another_key_none()
    {
        await using var house = await ConsoleHouse.OpenForYears();
        using var old = await Enrolled(house, "senior-1");
        house.Clock.SetUtcNow(old.Caller.Certificate.NotAfter.ToUniversalTime().AddDays(-60));
        using var fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var duty = await Duty(house, old.Caller);

        var first = await house.Console.Renewals.Renew(duty, old.Caller, Wish(old, "senior-1", fresh));
        var again = await house.Console.Renewals.Renew(duty, old.Caller, Wish(old, "senior-1", fresh));
        var greedy = await house.Console.Renewals.Renew(duty, old.Caller, Wish(old, "senior-1", other));

        Assert.Equal(first.Value?.Certificate, again.Value?.Certificate);
        Assert.Equal("5-2-2③", ConsoleHouse.Clause(greedy));
    }

    [Fact, Cps("5-2-3")]
    public async Task Nobody_renews_early_for_another_or_without_the_key_of_his_present_certificate()
    {
        await using var house = await ConsoleHouse.OpenForYears();
        using var one = await Enrolled(house, "senior-1");
        using var other = await Enrolled(house, "senior-2");
        using var fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var early = await house.Console.Renewals.Renew(
            await Duty(house, one.Caller), one.Caller, Wish(one, "senior-1", fresh));
        house.Clock.SetUtcNow(one.Caller.Certificate.NotAfter.ToUniversalTime().AddDays(-60));
        var duty = await Duty(house, one.Caller);

        Assert.Equal("5-2-2③", ConsoleHouse.Clause(early));
        Assert.Equal("5-2-3", ConsoleHouse.Clause(
            await house.Console.Renewals.Renew(duty, one.Caller, Wish(other, "senior-1", fresh))));
        Assert.Equal("5-2-3", ConsoleHouse.Clause(
            await house.Console.Renewals.Renew(duty, one.Caller, Wish(one, "senior-2", fresh))));
        Assert.Equal("5-2-2①", ConsoleHouse.Clause(
            await house.Console.Renewals.Renew(duty, one.Caller, Wish(one, "senior-1", other.Key))));
    }

    [Fact, Cps("5-2-1-1(6)")]
    public async Task Two_senior_operators_end_a_colleagues_certificate_as_instructed()
    {
        await using var house = await ConsoleHouse.Open("manager-1", "senior-1", "senior-2", "general-1");
        var serial = OperationsTrust.SerialOf(house.Card("general-1").Certificate);
        OtherRevocation order = new(serial, RevocationReason.KeyCompromise, "カードをなくした");

        var instruction = await house.Instructed(Duties.RevokeOtherCertificate, "manager-1");
        var proposed = ConsoleHouse.Done(await house.Propose("senior-1", "other-revocation", order, instruction));
        Assert.Null(house.Authority.Room.Operations.ObjectionTo(serial));
        var done = ConsoleHouse.Done(await house.Consent("senior-2", proposed.Act));

        Assert.Contains("Officer general-1", done.Act.Result, StringComparison.Ordinal);
        Assert.Equal("5-2-2③", house.Authority.Room.Operations.ObjectionTo(serial)?.Clause.Number);
    }

    private static SignedForm Wish(Holder holder, string id, ECDsa next) =>
        SignedForm.Sign(new OfficerRenewal(id, OfficerKey.Request(id, next)), holder.Key);

    private static async Task<OfficerOnDuty> Duty(ConsoleHouse house, Caller caller)
    {
        var session = ConsoleHouse.Done(await house.Console.LogIns.LogIn(caller, ConsoleHouse.Password));
        return ConsoleHouse.Done(await house.Console.LogIns.Find(caller, session.Token));
    }

    private static async Task<Holder> Enrolled(ConsoleHouse house, string id)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var codes = ConsoleHouse.Done(await house.Console.Enrolment.Bootstrap(
            [ConsoleHouse.Person(id, Role.SeniorOperator)]));
        ConsoleHouse.Done(await house.Enrol(id, codes[id], key));
        return new(house.Card(id), key);
    }

    private sealed record Holder(Caller Caller, ECDsa Key) : IDisposable
    {
        public void Dispose() => Key.Dispose();
    }
}
