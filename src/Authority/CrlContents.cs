using Jpki.Cps;
using Jpki.X509;

namespace Jpki.Authority;

/// <summary>The municipalities' CRLs and the ARL. (CPS 7-2)</summary>
internal static class CrlContents
{
    public static CrlContent Of(
        PrefectureNames names, Generation issuer, long number, DateTimeOffset at, Name point,
        bool isForAuthorities) => new()
        {
            Algorithm = issuer.Algorithm,
            Issuer = names.Authority,
            ThisUpdate = at,
            NextUpdate = at + Periods.CrlValidity,
            Extensions =
            [
                Extensions.AuthorityKeyIdentifier(issuer.Certificate.PublicKey.KeyIdentifier),
                Extensions.CrlNumber(number),
                Extensions.IssuingDistributionPoint(new(DistributionPointName.Of(point))
                {
                    OnlyContainsUserCerts = !isForAuthorities,
                    OnlyContainsCaCerts = isForAuthorities,
                }),
                // CPS 7-2-1 names the end of validity and the next issue; X.509 has room for one, nextPublish for the
                // other.
                Extensions.NextPublish(at + Periods.CrlInterval),
            ],
        };
}
