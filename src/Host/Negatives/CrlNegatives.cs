using Jpki.Cps;
using Jpki.X509;

namespace Jpki.Host.Negatives;

/// <summary>Revocation lists that say the wrong thing, or nothing, about a certificate that is in order.</summary>
internal static class CrlNegatives
{
    public static IReadOnlyList<NegativeCase> All { get; } =
    [
        new("crl-revoked", new("失効している", "the certificate is revoked"), "revoked",
            w => With(w, c => [w.Crl([c.Serial])])),
        new("crl-none", new("CRLが手に入らない", "there is no CRL at all"), "no CRL or OCSP answer", w => With(w, _ => [])),
        new("crl-of-another-municipality", new("他市のCRLしかない", "only another municipality's CRL is there"),
            "no CRL or OCSP answer", w => With(w, _ => [w.Crl(of: w.Elsewhere)])),
        new("crl-expired", new("CRLの有効期間が過ぎている", "the CRL's nextUpdate is over"), "out of date",
            w => With(w, _ => [w.Crl(bend: c => Dated(c, w.Now.AddDays(-4)))])),
        new("crl-not-yet-valid", new("CRLの発行日時が未来", "the CRL is from tomorrow"), "not valid yet",
            w => With(w, _ => [w.Crl(bend: c => Dated(c, w.Now.AddDays(1)))])),
        new("crl-by-old-key", new("旧世代の鍵で署名されたCRL", "the CRL is signed with the governor's old key"),
            "no key that may sign it",
            w => With(w, _ => [w.Crl(key: w.OldKey)])),
        new("crl-by-stranger", new("別人の鍵で署名されたCRL", "the CRL is signed by somebody else"), "no key that may sign it",
            w => With(w, _ => [w.Crl(key: w.Stranger)])),
        new("crl-altered", new("署名後に失効情報を消した", "a revocation was taken out of the CRL after signing"),
            "no key that may sign it",
            w => With(w, c => [Erased(w.Crl([c.Serial]), c.Serial)])),
        new("crl-for-authorities", new("ARL（CA証明書専用）しかない", "the list is for authorities' certificates only"),
            "no CRL or OCSP answer", w => With(w, _ => [w.Crl(bend: c => Scope(w, c, s =>
                s with { OnlyContainsUserCerts = false, OnlyContainsCaCerts = true }))])),
        new("crl-for-attributes", new("属性証明書専用のCRL", "the list is for attribute certificates only"),
            "no CRL or OCSP answer",
            w => With(w, _ => [w.Crl(bend: c => Scope(w, c, s =>
                s with { OnlyContainsUserCerts = false, OnlyContainsAttributeCerts = true }))])),
        new("crl-some-reasons", new("一部の失効理由だけのCRL", "the list knows of one reason only"), "not all reasons",
            w => With(w, _ => [w.Crl(bend: c => Scope(w, c, s =>
                s with { OnlySomeReasons = ReasonSet.KeyCompromise }))])),
        new("crl-unknown-critical-extension", new("CRLに未知の重要な拡張", "an unknown critical extension in the CRL"),
            "not understood", w => With(w, _ => [w.Crl(bend: c =>
                c with { Extensions = [.. c.Extensions, Bending.UnknownCritical] })])),
    ];

    private static Exhibit With(Workshop w, Func<Certificate, IReadOnlyList<Crl>> crls)
    {
        var certificate = w.Sign(w.Resident());
        return new() { Target = certificate.Der.ToArray(), Crls = crls(certificate) };
    }

    private static CrlContent Dated(CrlContent content, DateTimeOffset at) =>
        content with { ThisUpdate = at, NextUpdate = at + Periods.CrlValidity };

    private static CrlContent Scope(
        Workshop w, CrlContent content, Func<IssuingDistributionPoint, IssuingDistributionPoint> bend) =>
        content.Replacing(Oids.IssuingDistributionPoint, Extensions.IssuingDistributionPoint(bend(
            new(DistributionPointName.Of(Workshop.Names.DistributionPointOf(w.Home)))
            {
                OnlyContainsUserCerts = true,
            })));

    /// <summary>Another serial where this one stood.</summary>
    private static Crl Erased(Crl crl, SerialNumber serial)
    {
        var der = crl.Der.ToArray();
        var octets = serial.Bytes.Span;
        der[der.AsSpan().IndexOf(octets) + octets.Length - 1] ^= 0x40;
        return Crl.Read(der);
    }
}
