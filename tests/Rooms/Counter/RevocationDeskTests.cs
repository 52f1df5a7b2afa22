using Jpki.Counter;
using Jpki.Cps;
using Jpki.Forms;
using Xunit;

namespace Jpki.Tests.Rooms.Counter;

/// <summary>Ends of certificates: on paper, and by what the register says.</summary>
public sealed class RevocationDeskTests
{
    [Theory, Cps("4-4-2-2"), Cps("4-4-2-3")]
    [InlineData(RevocationReason.CessationOfOperation, "利用を取りやめるための失効申請")]
    [InlineData(RevocationReason.CessationOfOperation, "受理しました")]
    [InlineData(RevocationReason.KeyCompromise, "完了しました")]
    public async Task A_holder_ends_the_certificate_on_paper(RevocationReason reason, string words)
    {
        await using var house = await CounterHouse.Open();
        var issued = await house.UpTo(ApplicationState.Delivered);

        var receipt = CounterHouse.Done(await house.Room.Revocations.Take(house.Officer, Paper(house, reason)));

        Assert.Equal((ReceiptState.Completed, issued.Serial), (receipt.State, receipt.Serial));
        Assert.Contains(words, receipt.Text, StringComparison.Ordinal);
        var certificate = Assert.Single(house.Room.Revocations.CertificatesOf(house.Officer, issued.ResidentId!));
        Assert.Equal(reason, certificate.Reason);
        Assert.Equal("4-4-2", (await house.Room.Revocations.Take(house.Officer, Paper(house, reason)))
            .Refusal?.Clause.Number);
    }

    [Fact, Cps("4-4-2-3")]
    public async Task A_compromised_key_is_acknowledged_as_done_only_when_it_is_done()
    {
        await using var house = await CounterHouse.Open();
        await house.UpTo(ApplicationState.Delivered);
        await house.Authority.Stop();

        var accepted = CounterHouse.Done(await house.Room.Revocations.Take(house.Officer,
            Paper(house, RevocationReason.KeyCompromise)));
        Assert.Equal(ReceiptState.Accepted, accepted.State);
        Assert.DoesNotContain("完了しました", accepted.Text, StringComparison.Ordinal);

        house.Restart();
        await house.Authority.Start();
        await house.RunOutbox();

        var completed = CounterHouse.Done(house.Room.Revocations.Find(house.Officer, accepted.Id));
        Assert.Contains("完了しました", completed.Text, StringComparison.Ordinal);
    }

    [Theory, Cps("4-4-2-1")]
    [InlineData(RevocationReason.CaCompromise)]
    [InlineData(RevocationReason.AffiliationChanged)]
    [InlineData(RevocationReason.Superseded)]
    public async Task A_holder_has_two_reasons_and_no_other(RevocationReason reason)
    {
        await using var house = await CounterHouse.Open();
        await house.UpTo(ApplicationState.Delivered);

        Assert.Equal("4-4-2-1", (await house.Room.Revocations.Take(house.Officer, Paper(house, reason)))
            .Refusal?.Clause.Number);
    }

    [Fact, Cps("3-4-1"), Cps("3-4-2")]
    public async Task Whoever_is_not_the_holder_ends_nothing()
    {
        await using var house = await CounterHouse.Open();
        var issued = await house.UpTo(ApplicationState.Delivered);
        var paper = Paper(house, RevocationReason.KeyCompromise);

        var doubtful = await house.Room.Revocations.Take(house.Officer,
            paper with { Identity = CounterHouse.Licence with { HasDoubt = true } });
        var unknown = await house.Room.Revocations.Take(house.Officer, paper with
        {
            Person = paper.Person with { Attributes = paper.Person.Attributes with { Name = "別人　太郎" } },
        });
        var another = await house.Room.Revocations.Take(house.Officer, paper with
        {
            Person = CounterHouse.FormOf(house.Somebody(1)),
            Serial = issued.Serial,
        });

        Assert.Equal("3-1-9", doubtful.Refusal?.Clause.Number);
        Assert.Equal("3-1-9", unknown.Refusal?.Clause.Number);
        Assert.Equal("4-4-2", another.Refusal?.Clause.Number);
        Assert.True(Assert.Single(house.Room.Revocations.CertificatesOf(house.Officer, issued.ResidentId!))
            .IsLiveAt(house.Clock.GetUtcNow()));
    }

    [Fact, Cps("4-4-2-4")]
    public async Task The_Authoritys_refusal_stands_on_the_receipt()
    {
        await using var house = await CounterHouse.Open();
        await house.UpTo(ApplicationState.Delivered);
        house.Authority.Refuses = new("4-4-2-4", "already revoked");

        var receipt = CounterHouse.Done(await house.Room.Revocations.Take(house.Officer,
            Paper(house, RevocationReason.KeyCompromise)));

        Assert.Equal((ReceiptState.Refused, "4-4-2-4"), (receipt.State, receipt.Refusal?.Clause.Number));
        Assert.Contains("既に失効", receipt.Text, StringComparison.Ordinal);
    }

    [Theory, Cps("4-4-1-1"), Cps("2-1-2(8)")]
    [InlineData(RegisterEventKind.AttributesChanged, RevocationReason.AffiliationChanged, "記載事項の変更により")]
    [InlineData(RegisterEventKind.Died, RevocationReason.CessationOfOperation, "住民票の消除（死亡）により")]
    [InlineData(RegisterEventKind.Left, RevocationReason.CessationOfOperation, "住民票の消除（転出）により")]
    public async Task What_the_register_belies_is_ended(RegisterEventKind kind, RevocationReason reason, string words)
    {
        await using var house = await CounterHouse.Open();
        var issued = await house.UpTo(ApplicationState.Delivered);

        var done = CounterHouse.Done(await house.Room.Events.Enter(house.Officer, Entry(house, issued, kind)));

        Assert.Equal((ReceiptState.Completed, reason), (Assert.Single(done.Ended).State, done.Ended[0].Reason));
        Assert.StartsWith(words, done.Ended[0].Text, StringComparison.Ordinal);
        var now = house.Room.Register.Find(issued.ResidentId!, CounterHouse.Kawagoe)!;
        Assert.Equal(kind == RegisterEventKind.AttributesChanged, now.Status == ResidentStatus.Present);
        Assert.Equal(kind == RegisterEventKind.AttributesChanged,
            now.Attributes.Address.EndsWith("９９９", StringComparison.Ordinal));
    }

    [Fact, Cps("4-4-1-1")]
    public async Task An_event_that_changes_nothing_is_refused()
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);
        var resident = house.Somebody();

        var refused = await house.Room.Events.Enter(house.Officer,
            new()
            {
                ResidentId = resident.Id,
                Event = RegisterEventKind.AttributesChanged,
                Attributes = resident.Attributes
            });

        Assert.Equal("4-4-1-1", refused.Refusal?.Clause.Number);
    }

    [Fact, Cps("5-1-2-2")]
    public async Task An_officer_changes_only_the_own_municipalitys_register()
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);
        RegisterEntry death = new() { ResidentId = house.Somebody().Id, Event = RegisterEventKind.Died };

        Assert.Equal("5-1-2-2", (await house.Room.Events.Enter(house.Elsewhere, death)).Refusal?.Clause.Number);
        CounterHouse.Done(await house.Room.Events.Enter(house.Officer, death));
        Assert.Equal("5-1-2-2", (await house.Room.Events.Enter(house.Officer, death)).Refusal?.Clause.Number);
    }

    [Fact, Cps("4-4-1-1")]
    public async Task A_change_while_the_governor_was_issuing_ends_the_new_certificate_at_once()
    {
        await using var house = await CounterHouse.Open(authorityIsUp: false);
        var waiting = await house.UpTo(ApplicationState.Waiting);
        CounterHouse.Done(await house.Room.Events.Enter(house.Officer,
            Entry(house, waiting, RegisterEventKind.AttributesChanged)));

        await house.Authority.Start();
        await house.RunOutbox();

        var certificate = Assert.Single(house.Room.Revocations.CertificatesOf(house.Officer, waiting.ResidentId!));
        Assert.Equal(RevocationReason.AffiliationChanged, certificate.Reason);
    }

    private static RevocationForm Paper(CounterHouse house, RevocationReason reason) =>
        new() { Person = CounterHouse.FormOf(house.Somebody()), Reason = reason, Identity = CounterHouse.Licence };

    private static RegisterEntry Entry(CounterHouse house, IssuanceApplication issued, RegisterEventKind kind)
    {
        var known = house.Room.Register.Find(issued.ResidentId!, CounterHouse.Kawagoe)!.Attributes;
        return new()
        {
            ResidentId = issued.ResidentId!,
            Event = kind,
            Attributes = kind == RegisterEventKind.AttributesChanged ? known with { Address = known.Address + "９９９" }
                : null,
        };
    }
}
