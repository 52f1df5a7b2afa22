using Jpki.Tests.Rooms.X509.Paths;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.Repository;

/// <summary>Which pairs of cross certificates stand in the governor's entry. (CPS 4-8, 4-9, 4-10)</summary>
public sealed class CrossPairTests : IAsyncLifetime
{
    private readonly Hierarchy bridge = new("Bridge"), other = new("Other");
    private DirectoryRoom room = null!;

    public async ValueTask InitializeAsync() => room = await DirectoryRoom.Open();

    public async ValueTask DisposeAsync()
    {
        await room.DisposeAsync();
        bridge.Dispose();
        other.Dispose();
    }

    [Fact, Cps("4-8"), Cps("2-6-1")]
    public async Task A_pair_is_read_by_everybody_until_another_takes_its_place_or_none()
    {
        Assert.Null(await Publish([Pair(bridge, bridge)]));
        Assert.Contains("crossCertificatePair;binary::", Entry(), StringComparison.Ordinal);
        Assert.Null(await Publish(null));
        Assert.Contains("crossCertificatePair;binary::", Entry(), StringComparison.Ordinal);

        Assert.Null(await Publish([]));

        Assert.DoesNotContain("crossCertificatePair", Entry(), StringComparison.Ordinal);
    }

    [Fact, Cps("4-8")]
    public async Task Two_partners_make_no_pair()
    {
        Assert.Equal("4-8", await Publish([Pair(bridge, other)]));
        Assert.DoesNotContain("crossCertificatePair", Entry(), StringComparison.Ordinal);
    }

    private string Entry() =>
        room.Search("-b", DirectoryRoom.AuthorityDn, "-s", "base", "(objectClass=*)", "crossCertificatePair;binary")
            .Succeeded().Text;

    private async Task<string?> Publish(IReadOnlyList<byte[]>? pairs) =>
        (await room.Shelves.Publish(pairs: pairs)).Refusal?.Clause.Number;

    private byte[] Pair(Hierarchy giver, Hierarchy taker)
    {
        var toUs = giver.Sign(Content(giver.Name) with
        {
            Subject = TestPki.CaName,
            PublicKey = room.Pki.Key.PublicKey,
        });
        var byUs = room.Pki.Sign(Content(TestPki.CaName) with
        {
            Algorithm = room.Pki.Key.Algorithm,
            Subject = taker.Name,
            PublicKey = taker.Key.PublicKey,
        });
        return new CrossCertificatePair(toUs, byUs).Encode();
    }

    private CertificateContent Content(Name issuer) => new()
    {
        Serial = SerialNumber.FromUnsigned([7]),
        Algorithm = bridge.Key.Algorithm,
        Issuer = issuer,
        Subject = issuer,
        NotBefore = TestPki.Start,
        NotAfter = TestPki.Start.AddYears(5),
        PublicKey = bridge.Key.PublicKey,
        Extensions = [Extensions.BasicConstraints(isCa: true)],
    };
}
