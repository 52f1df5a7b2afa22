using System.Formats.Asn1;
using System.Numerics;
using Jpki.Cps;
using Jpki.X509;
using static Jpki.Tests.Rooms.Cps.Specimens;

namespace Jpki.Tests.Rooms.Cps;

/// <summary>
/// For each rule about CRLs, their entries and OCSP answers, what breaks it. The good specimens keep them all.
/// </summary>
internal static class ListFixtures
{
    public static IReadOnlyDictionary<string, Func<Crl>> Crls { get; } = new Dictionary<string, Func<Crl>>
    {
        ["crl_version_is_2"] = () => Unversioned(),
        ["crl_signature_is_not_sha1"] = () => Specimens.Crl(c => c with { Algorithm = SignatureAlgorithm.Sha1WithRsa }),
        ["crl_says_when_the_next_comes"] = () => Rewritten(fields => fields.RemoveAt(4)),
        ["crl_next_is_later"] = () => Specimens.Crl(c => c with { NextUpdate = c.ThisUpdate }),
        ["crl_time_form_fits_its_year"] = () => Rewritten(fields => fields[3] = Encoded(w =>
            w.WriteGeneralizedTime(Start, omitFractionalSeconds: true))),
        ["crl_extension_values_are_as_defined"] = () => With(new(Oids.CrlNumber, false, new byte[] { 5, 0 })),
        ["crl_names_its_key"] = () => Without(Oids.AuthorityKeyIdentifier),
        ["crl_has_a_number"] = () => Without(Oids.CrlNumber),
        ["crl_number_fits"] = () => With(Extensions.CrlNumber(BigInteger.One << 160)),
        ["crl_number_is_not_critical"] = () => With(Extensions.CrlNumber(7) with { Critical = true }),
        ["crl_scope_is_critical"] = () => With(Scope with { Critical = false }),
        ["crl_delta_is_critical"] = () => With(new(Oids.DeltaCrlIndicator, false, new byte[] { 2, 1, 1 })),
        ["crl_critical_extensions_are_known"] = () => With(new("1.2.3.4", true, new byte[] { 5, 0 })),
        ["cps_crl_validity"] = () => Specimens.Crl(c => c with { NextUpdate = c.NextUpdate.AddHours(1) }),
        ["cps_crl_next_publish"] = () => With(Extensions.NextPublish(Start.AddHours(48))),
        ["cps_crl_extensions"] = () => Without(Oids.NextPublish),
        ["cps_crl_scope"] = () => With(Extensions.IssuingDistributionPoint(
            new(DistributionPointName.Of(Names.DistributionPointOf(Kawagoe))))),
        ["cps_crl_point"] = () => With(Extensions.IssuingDistributionPoint(
            new(DistributionPointName.Of(Names.Authority)) { OnlyContainsUserCerts = true })),
    };

    public static IReadOnlyDictionary<string, Func<Crl>> Entries { get; } = new Dictionary<string, Func<Crl>>
    {
        ["entry_serial_is_one"] = () => Listed([2, 1, 0], 1),
        ["entry_reason_is_told_or_left_out"] = () => Listed([2, 1, 5], 0),
        ["entry_leaves_only_deltas"] = () => Listed([2, 1, 5], 8),
        ["entry_is_of_the_past"] = () => Specimens.Crl(null, CrlKind.Crl,
            Entry with { RevokedAt = Start.AddSeconds(1) }),
        ["entry_has_no_unknown_critical_extension"] = () => Listed([2, 1, 5], null),
        ["cps_entry_reason"] = () => Specimens.Crl(null, CrlKind.Crl, Entry with { ReasonCode = 6 }),
    };

    public static IReadOnlyDictionary<string, Func<BasicOcspResponse>> Answers { get; } =
        new Dictionary<string, Func<BasicOcspResponse>>
        {
            ["ocsp_answers_something"] = () => Answered(c => c with { Responses = [] }),
            ["ocsp_answers_once"] = () => Answered(c => c with { Responses = [Single(), Single()] }),
            ["ocsp_responder_is_named_by_sha1"] = () => Renamed(),
            ["ocsp_signature_is_not_sha1"] = () => Answered(c => c with { Algorithm = SignatureAlgorithm.Sha1WithRsa }),
            ["ocsp_news_is_not_of_the_future"] = () => Answered(c => c with { ProducedAt = Start.AddSeconds(-1) }),
            ["ocsp_next_is_later"] = () => Answered(c => c with { Responses = [Single() with { NextUpdate = Start }] }),
            ["ocsp_revocation_is_of_the_past"] =
                () => Answered(c => c with { Responses = [Revoked(1) with { RevokedAt = Start.AddSeconds(1) }] }),
            ["ocsp_reason_is_one"] = () => Answered(c => c with { Responses = [Revoked(7)] }),
            ["ocsp_nonce_is_short"] = () => Answered(c => c with { Nonce = new byte[33] }),
            ["ocsp_certificates_can_be_read"] = () => Answered(c => c with { Certificates = [new byte[] { 0x30, 0 }] }),
            ["ocsp_delegate_may_sign"] =
                () => Answered(c => c with { Certificates = [Good(CertificateKind.Resident).Der] }),
            ["cps_ocsp_reason"] = () => Answered(c => c with { Responses = [Revoked(6)] }),
        };

    /// <summary>Revoked yesterday, key compromise.</summary>
    public static RevokedEntry Entry => new(SerialNumber.FromUnsigned([5]), Start.AddDays(-1), 1);

    private static Extension Scope => Specimens.Crl().Find(Oids.IssuingDistributionPoint)!;

    private static SingleResponse Revoked(int reason) => Single() with
    {
        Status = CertStatus.Revoked,
        RevokedAt = Start.AddDays(-1),
        Reason = reason,
    };

    private static Crl With(Extension extension) =>
        Specimens.Crl(c => c with { Extensions = c.Extensions.With(extension) });

    private static Crl Without(string oid) => Specimens.Crl(c => c with { Extensions = c.Extensions.Without(oid) });

    /// <summary>version, signature, issuer, thisUpdate, nextUpdate, revokedCertificates, crlExtensions.</summary>
    private static Crl Rewritten(Action<List<byte[]>> rewrite)
    {
        var reader = new AsnReader(Specimens.Crl(null, CrlKind.Crl, Entry).ToBeSigned,
            AsnEncodingRules.DER).ReadSequence();
        List<byte[]> fields = [];
        while (reader.HasData)
            fields.Add(reader.ReadEncodedValue().ToArray());
        var algorithm = fields[1];
        rewrite(fields);
        return Jpki.X509.Crl.Read(Encoded(writer =>
        {
            using (writer.PushSequence())
            {
                using (writer.PushSequence())
                    fields.ForEach(field => writer.WriteEncodedValue(field));
                writer.WriteEncodedValue(algorithm);
                writer.WriteBitString([1]);
            }
        }));
    }

    private static Crl Unversioned() => Rewritten(fields =>
    {
        fields.RemoveRange(5, 2);
        fields.RemoveAt(0);
    });

    /// <summary>
    /// One entry with that serial number; with that reason, or without one a critical unknown extension.
    /// </summary>
    private static Crl Listed(byte[] serial, int? reason) => Rewritten(fields => fields[5] = Encoded(writer =>
    {
        using (writer.PushSequence())
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(serial);
            writer.WriteUtcTime(Start.AddDays(-1));
            Extension.WriteList(writer, [reason is { } code ? Extensions.ReasonCode(code)
                : new("1.2.3", true, new byte[] { 5, 0 })]);
        }
    }));

    /// <summary>A responder named by a hash of three octets.</summary>
    private static BasicOcspResponse Renamed()
    {
        var content = Specimens.Ocsp();
        var data = new AsnReader(content.ToBeSigned(), AsnEncodingRules.DER).ReadSequence();
        data.ReadEncodedValue();
        var renamed = Encoded(writer =>
        {
            using (writer.PushSequence())
            {
                using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 2)))
                    writer.WriteOctetString([1, 2, 3]);
                while (data.HasData)
                    writer.WriteEncodedValue(data.ReadEncodedValue().Span);
            }
        });
        return OcspResponse.Read(content.Assemble(renamed, [1])).Basic!;
    }
}
