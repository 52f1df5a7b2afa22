using System.Formats.Asn1;
using CsCheck;
using Jpki.Cps;
using Jpki.Cps.Lint;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.Cps;

/// <summary>Whatever a stranger hands in is judged, or refused as malformed; the linter never falls over it.</summary>
public sealed class StrangersTests
{
    [Fact]
    public void Every_seed_of_the_public_fuzzers_is_judged_or_refused()
    {
        var judged = Conformance.FuzzSeeds().Sum(seed => Judged(seed.Content));

        Assert.NotEqual(0, judged);
    }

    [Fact]
    public void A_certificate_of_the_last_second_of_time_is_judged()
    {
        DateTimeOffset last = new(9999, 12, 31, 23, 59, 59, TimeSpan.Zero);

        var findings = Certificates(
            Specimens.Bent(CertificateKind.Resident, c => c with { NotBefore = last, NotAfter = last }));

        Assert.Contains("cps_lifetime", findings.Select(f => f.Rule));
    }

    [Fact]
    public void So_are_our_own_with_octets_changed()
    {
        byte[][] sound =
        [
            .. Enum.GetValues<CertificateKind>().Select(kind => Specimens.Good(kind).Der.ToArray()),
            Specimens.Crl(null, CrlKind.Crl, ListFixtures.Entry).Der.ToArray(),
            Specimens.Ocsp().Sign(_ => [1]),
        ];

        Gen.Select(Gen.Int[0, sound.Length - 1], Gen.Select(Gen.Int[0, 2000], Gen.Byte).Array[1, 3])
            .Sample((which, changes) =>
            {
                var octets = sound[which].ToArray();
                foreach (var (at, octet) in changes)
                    octets[at % octets.Length] = octet;
                Judged(octets);
            }, iter: 5000);
    }

    /// <summary>How many of the three readers could read it.</summary>
    private static int Judged(byte[] octets) =>
        Try(() => Certificates(Certificate.Read(octets)))
        + Try(() => Linter.Crl(Crl.Read(octets)))
        + Try(() => OcspResponse.Read(octets).Basic is { } basic ? Linter.Ocsp(basic) : []);

    /// <summary>By its own profile, by every other, and by none.</summary>
    private static List<Finding> Certificates(Certificate certificate) =>
    [
        .. Linter.Certificate(certificate, Kinds.Of(certificate)),
        .. Linter.Certificate(certificate, null),
        .. Linter.Certificate(certificate, CertificateKind.Resident),
    ];

    private static int Try(Func<IReadOnlyList<Finding>> judge)
    {
        try
        {
            judge();
            return 1;
        }
        catch (AsnContentException)
        {
            return 0;
        }
    }
}
