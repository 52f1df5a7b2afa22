using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.Authority;

/// <summary>What foreign programs say of two generations and the links between them. (CPS 4-13, 7-1-4)</summary>
public sealed class LinkedGenerationsTests : IAsyncLifetime
{
    private PublishedHouse house = null!;
    private Certificate old = null!, renewed = null!, oldResident = null!, newResident = null!;

    public async ValueTask InitializeAsync()
    {
        house = await PublishedHouse.Open(await AuthorityHouse.OpenAt(TimeProvider.System.GetUtcNow().AddDays(-2)));
        old = house.Authority.Room.Governor.TrustAnchor;
        oldResident = await house.Authority.Issued("架空　一郎");
        renewed = Certificate.Read((await house.Renew(2)).Value!.SelfSigned);
        newResident = await house.Authority.Issued("架空　二郎");
        house.Authority.Clock.Advance(TimeSpan.FromDays(1));
        await house.DoWhatIsDue();
    }

    public ValueTask DisposeAsync() => house.DisposeAsync();

    [Fact, Cps("4-13"), Cps("7-1-4")]
    public void OpenSSL_accepts_each_generation_under_its_own_anchor_and_each_link_under_the_others()
    {
        Verified(oldResident, old).Succeeded();
        Verified(newResident, renewed).Succeeded();
        Verified(Link(old, by: renewed), renewed).Succeeded();
        Verified(Link(renewed, by: old), old).Succeeded();
    }

    [Fact, Cps("4-13"), Cps("7-1-4")]
    public void GnuTLS_follows_the_links_from_either_anchor()
    {
        Chained(old, newResident, Link(renewed, by: old)).Succeeded();
        Chained(renewed, oldResident, Link(old, by: renewed)).Succeeded();
    }

    /// <summary>authorityKeyIdentifier names the self-signed certificate's serial number, as real ones do.</summary>
    [Fact, Cps("7-1-4")]
    public void OpenSSL_does_not_follow_a_link_whose_serial_number_the_resident_does_not_name() =>
        Assert.NotEqual(0, Verified(oldResident, renewed).ExitCode);

    private Certificate Link(Certificate holder, Certificate by) => house.Certificates.Single(c =>
        c.PublicKey.Equals(holder.PublicKey) && c.IsSignedBy(by.PublicKey));

    private ToolAnswer Verified(Certificate target, Certificate anchor) =>
        new OpensslOnFiles(house).Verify(anchor, target);

    private ToolAnswer Chained(Certificate anchor, params Certificate[] chain)
    {
        OpensslOnFiles files = new(house);
        return Tool.Run(
            "certtool", "--verify", "--load-ca-certificate", files.Pem("anchor", anchor),
            "--infile", files.Pem("chain", chain));
    }
}
