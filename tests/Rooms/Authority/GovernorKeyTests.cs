using System.Text;
using Jpki.Hsm;
using Jpki.Tests.Rooms.Hsm;
using Xunit;

namespace Jpki.Tests.Rooms.Authority;

/// <summary>Which key is taken for the governor's, and what happens while it cannot sign.</summary>
public sealed class GovernorKeyTests(SoftHsm softHsm) : IDisposable
{
    private const string Label = "governor-1";

    private readonly ScratchFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact, Cps("6-2-1-7"), Cps("6-2-1-8"), Cps("4-2-1")]
    public async Task A_notice_that_comes_while_the_key_is_deactivated_takes_no_serial_number_and_is_issued_later()
    {
        using (var maker = softHsm.Open(SoftHsm.Authority))
            maker.Generate(Label, KeySpec.Rsa2048);
        Lay();
        using Pkcs11Hsm hsm = new(SoftHsm.Module, SoftHsm.Authority, new FileInfo(folder["pin"]));
        await using var house = await AuthorityHouse.Open(hsm);
        var notice = house.Notice();

        File.Delete(folder["pin"]);
        var why = await Assert.ThrowsAsync<HsmException>(() => house.Issue(notice));
        Lay();
        var later = await house.Issue(notice);

        Assert.Contains("is not activated", why.Message);
        Assert.DoesNotContain("abandoned", house.Log());
        Assert.Contains("\"key pair found\"", house.Log());
        Assert.Null(later.Refusal);
    }

    [Fact]
    public async Task Another_key_under_the_label_is_not_taken_at_the_next_start()
    {
        SoftwareHsm hsm = new(folder["keys"]);
        await using var house = await AuthorityHouse.Open(hsm);
        File.Delete(folder["keys/governor-1.key"]);
        hsm.Generate(Label, KeySpec.Rsa2048);

        var error = await Assert.ThrowsAsync<HsmException>(house.Restart);

        Assert.Contains("is not the one that was certified", error.Message);
    }

    [Fact, Cps("6-1-1-2"), Cps("6-3-1-2")]
    public async Task A_key_that_a_ceremony_made_of_another_kind_than_the_site_wants_is_refused()
    {
        SoftwareHsm hsm = new(folder["keys"]);
        hsm.Generate(Label, KeySpec.EcP256);
        await using AuthorityHouse house = new() { Hsm = hsm };

        Assert.Equal("6-3-1-2", (await house.Begin()).Refusal?.Clause.Number);
    }

    private void Lay() => SecretFile.Write(folder["pin"], Encoding.ASCII.GetBytes(SoftHsm.Pin));
}
