using CsCheck;
using Jpki.Cps;
using Jpki.Ocsp;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.Ocsp;

public sealed class StatusMapTests
{
    private static readonly DateTimeOffset Noon = new(2026, 4, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact, Cps("4-4-4-2")]
    public void A_page_remembers_what_a_dictionary_would() =>
        Gen.Select(Gen.Int[0, StatusPage.Certificates - 1], Gen.Int[0, 5], Gen.UInt).Array[0, 300].Sample(
            changes => Enumerable.Range(0, StatusPage.Certificates).All(AgreesOn(changes)),
            iter: 200);

    [Fact, Cps("4-4-2-4")]
    public void A_revoked_certificate_never_becomes_good_again()
    {
        StatusPage page = new();
        page.Revoke(7, RevocationReason.KeyCompromise, Noon);

        page.Issue(7);
        page.Revoke(7, RevocationReason.Superseded, Noon.AddDays(1));

        Assert.Equal(new(CertStatus.Revoked, RevocationReason.KeyCompromise, Noon), page.Find(7));
    }

    [Fact]
    public async Task Readers_never_see_a_revocation_without_its_details()
    {
        StatusPage page = new();
        using CancellationTokenSource stop = new();
        var reading = Task.Run(
            () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    for (var offset = 0; offset < StatusPage.Certificates; offset++)
                    {
                        if (page.Find(offset) is { Status: CertStatus.Revoked } found)
                            Assert.Equal(Noon.AddSeconds(offset), found.RevokedAt);
                    }
                }
            },
            CancellationToken.None);
        foreach (var offset in Enumerable.Range(0, StatusPage.Certificates).OrderBy(o => o * 2654435761L % 4099))
            page.Revoke(offset, RevocationReason.CessationOfOperation, Noon.AddSeconds(offset));
        await stop.CancelAsync();
        await reading;
    }

    /// <summary>Makes the changes in a page and in a dictionary, and compares what they remember.</summary>
    private static Func<int, bool> AgreesOn(IEnumerable<(int Offset, int Code, uint Seconds)> changes)
    {
        StatusPage page = new();
        Dictionary<int, CertificateStatus> model = [];
        foreach (var (offset, code, seconds) in changes)
        {
            var at = DateTimeOffset.FromUnixTimeSeconds(seconds);
            var reason = (RevocationReason)code;
            CertificateStatus told = code == 0 ? CertificateStatus.Good : new(CertStatus.Revoked, reason, at);
            if (code == 0)
                page.Issue(offset);
            else
                page.Revoke(offset, reason, at);
            if (model.GetValueOrDefault(offset).RevokedAt is null)
                model[offset] = told;
        }
        return offset => page.Find(offset) == model.GetValueOrDefault(offset, CertificateStatus.Unknown);
    }
}
