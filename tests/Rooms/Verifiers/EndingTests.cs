using System.Security.Cryptography;
using Jpki.Authority;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Tests.Rooms.ControlRoom;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.Verifiers;

/// <summary>The end of a verifier's admission, in the Verifiers' room and at the Authority.</summary>
public sealed class EndingTests : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa others = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose()
    {
        key.Dispose();
        others.Dispose();
    }

    [Fact, Cps("4-4-4-3"), Cps("4-4-4-5"), Cps("5-2-1-1(6)")]
    public async Task Who_was_ended_is_off_the_list_and_gets_no_credentials_and_his_record_stays()
    {
        await using var house = await VerifierHouse.Open();
        var (ended, kept) = (await house.Admitted(key), await house.Admitted(others));
        ConsoleHouse.Done(await house.Collect(ended, key));

        ConsoleHouse.Done(await house.End(ended));

        Assert.Equal([kept], await house.Listed());
        Assert.Equal("4-4-4-3", ConsoleHouse.Clause(await house.Collect(ended, key)));
        ConsoleHouse.Done(await house.Collect(kept, others));
        Assert.Equal("4-4-4-3", ConsoleHouse.Clause(await house.Room.Admit(
            house.Papers(Duties.AdmitVerifiers, new AdmissionOrder(ended)), house.ControlRoom)));
        var log = string.Concat(house.Room.Log.Entries(0, long.MaxValue).Select(e => e.Json));
        Assert.Contains($"\"admission ended\"", log, StringComparison.Ordinal);
        Assert.Contains($"senior-1+senior-2\",\"about\":\"{ended}\"", log, StringComparison.Ordinal);
        Assert.Contains("\"agreement made\"", log, StringComparison.Ordinal);
    }

    [Fact, Cps("4-4-4-3")]
    public async Task Who_is_not_admitted_or_ended_already_cannot_be_ended()
    {
        await using var house = await VerifierHouse.Open();
        var (agreed, admitted) = (await house.Agreed(others), await house.Admitted(key));
        ConsoleHouse.Done(await house.End(admitted));

        foreach (var id in (string[])["V0000000", agreed, admitted])
            Assert.Equal("4-4-4-3", ConsoleHouse.Clause(await house.End(id)));
    }

    [Fact, Cps("5-2-2①")]
    public async Task The_same_papers_are_answered_again_and_no_others_do_under_that_approval()
    {
        await using var house = await VerifierHouse.Open();
        var id = await house.Admitted(key);
        var papers = house.Papers(Duties.EndAdmissions, new AdmissionEnding(id, "違反"));
        var admission = house.Papers(Duties.AdmitVerifiers, new AdmissionEnding(id, "違反"));

        Assert.Equal("5-2-2①", ConsoleHouse.Clause(await house.Room.End(admission, house.ControlRoom)));
        Assert.Equal([id], await house.Listed());
        ConsoleHouse.Done(await house.Room.End(papers, house.ControlRoom));
        ConsoleHouse.Done(await house.Room.End(papers, house.ControlRoom));
    }

    [Fact, Cps("2-1-2(5)"), Cps("4-4-4-3")]
    public async Task The_authority_revokes_and_lists_what_it_gave_him_and_gives_no_other()
    {
        await using var house = await VerifierHouse.Open();
        var (ended, kept) = (await house.Admitted(key), await house.Admitted(others));
        var given = Certificate.Read(ConsoleHouse.Done(await house.Collect(ended, key)).ClientCertificate);
        var theirs = Certificate.Read(ConsoleHouse.Done(await house.Collect(kept, others)).ClientCertificate);
        var approved = house.Authority.Agreed(Duties.EndAdmissions, new AdmissionEnding(ended, "違反"));

        var answer = ConsoleHouse.Done(await VerifierCertificates.End(house.Authority.Room, approved));
        var again = await VerifierCertificates.End(house.Authority.Room, approved);

        Assert.Equal([$"{given.Serial}"], answer.Serials);
        Assert.Equal("5-2-2①", again.Refusal?.Clause.Number);
        var operations = house.Authority.Room.Operations;
        Assert.Equal("5-2-2③", operations.ObjectionTo($"{given.Serial}")?.Clause.Number);
        Assert.Null(operations.ObjectionTo($"{theirs.Serial}"));
        Assert.Equal(given.Serial, operations.Crls.Newest!.Entries().Single().Serial);
        // What he has ends soon; the Verifiers' room, which has not heard of it, asks for the next.
        house.Authority.Clock.SetUtcNow(given.NotAfter - TimeSpan.FromDays(30));
        Assert.Equal("4-4-4-3", ConsoleHouse.Clause(await house.Collect(ended, key)));
        ConsoleHouse.Done(await house.Collect(kept, others));
    }

    [Fact, Cps("5-2-2②"), Cps("5-2-1-1(6)")]
    public async Task At_the_console_it_takes_an_instruction_and_two_senior_operators()
    {
        await using var house = await ConsoleHouse.Open("manager", "senior-1", "senior-2");
        AdmissionEnding order = new("V1234567", "違反");

        Assert.Equal("5-2-2②", ConsoleHouse.Clause(await house.Propose("senior-1", "admission-ending", order)));
        var instruction = await house.Instructed(Duties.EndAdmissions);
        Assert.Equal("5-2-1-1(6)", ConsoleHouse.Clause(
            await house.Propose("manager", "admission-ending", order, instruction)));
        Assert.Equal("4-4-4-3", ConsoleHouse.Clause(
            await house.Propose("senior-1", "admission-ending", order with { Why = " " }, instruction)));
        var proposed = ConsoleHouse.Done(await house.Propose("senior-1", "admission-ending", order, instruction));
        Assert.Equal("5-2-2①", ConsoleHouse.Clause(await house.Consent("senior-1", proposed.Act)));
    }
}
