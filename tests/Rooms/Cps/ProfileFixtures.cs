using Jpki.Cps;
using Jpki.X509;
using static Jpki.Cps.CertificateKind;
using static Jpki.Tests.Rooms.Cps.Specimens;

namespace Jpki.Tests.Rooms.Cps;

/// <summary>For each rule of the practice statement about certificates: what keeps it, and what breaks it.</summary>
internal static class ProfileFixtures
{
    public static IReadOnlyDictionary<string, (CertificateKind Accepted, Func<Certificate> Refused)> All { get; } =
        new[] { Profile, Governor, Holders }.SelectMany(family => family).ToDictionary(f => f.Key, f => f.Value);

    private static Dictionary<string, (CertificateKind, Func<Certificate>)> Profile => new()
    {
        ["cps_extensions_are_complete"] = (Resident, () => Without(Resident, Oids.CertificatePolicies)),
        ["cps_extensions_are_no_others"] = (Resident, () => With(Resident,
            Extensions.ExtendedKeyUsage(Oids.ClientAuth))),
        ["cps_extensions_are_in_order"] =
            (SelfSigned, () => Bent(SelfSigned, c => c with { Extensions = [.. c.Extensions.Reverse()] })),
        ["cps_extensions_are_marked"] = (Resident, () => Remarked(Resident, Oids.CertificatePolicies)),
        ["cps_key_usage"] = (Resident, () => With(Resident, Extensions.KeyUsage(KeyUsages.DigitalSignature))),
        ["cps_purpose"] = (Client, () => With(Client, Extensions.ExtendedKeyUsage(Oids.TimeStamping))),
        ["cps_authority_without_path_length"] =
            (OldWithNew, () => With(OldWithNew, Extensions.BasicConstraints(true, 0))),
        ["cps_lifetime"] = (Cross, () => Bent(Cross, c => c with { NotAfter = c.NotAfter.AddDays(1) })),
        ["cps_ends_with_a_japanese_day"] =
            (NewWithOld, () => Bent(NewWithOld, c => c with { NotAfter = c.NotAfter.AddSeconds(1) })),
        ["cps_subject_is_the_issuer"] = (SelfSigned, () => Bent(SelfSigned, c => c with { Subject = Bridge })),
    };

    private static Dictionary<string, (CertificateKind, Func<Certificate>)> Governor => new()
    {
        ["cps_issuer_name"] = (Resident, () => Bent(Resident, c => c with { Issuer = Name.Parse("C=JP,O=JPKI-TEST") })),
        ["cps_subject_name"] = (ValidationServer, () => Bent(ValidationServer, c =>
            c with { Subject = Name.Parse("CN=x") })),
        ["cps_policy"] = (ValidationServer, () => With(
            ValidationServer, CertificateFixtures.Policy(PolicyOids.Test.Certificates, Specimens.Names.StatementUri))),
        ["cps_statement_is_pointed_to"] =
            (Resident, () => With(Resident, CertificateFixtures.Policy(PolicyOids.Test.Certificates, null))),
        ["cps_test_is_marked"] = (OcspResponder, () => With(OcspResponder, CertificateFixtures.Policy(
            PolicyOids.Production.OcspResponder, Specimens.Names.StatementUri))),
        ["cps_distribution_point"] =
            (Resident, () => With(Resident, Extensions.CrlDistributionPoints(Bridge, Bridge))),
        ["cps_partition"] = (Resident, () => With(Resident, Extensions.CrlDistributionPoints(
            Specimens.Names.DistributionPointOf(Municipalities.Find("11203")!)))),
        ["cps_issuer_in_japanese"] = (Resident, () => With(
            Resident, Extensions.IssuerAltName(GeneralName.Of(GeneralNameKind.DnsName, "pref.saitama.example")))),
        ["cps_issuer_certificate_is_named"] =
            (Resident, () => With(Resident, Extensions.AuthorityKeyIdentifier(GovernorKey.KeyIdentifier))),
    };

    private static Dictionary<string, (CertificateKind, Func<Certificate>)> Holders => new()
    {
        ["cps_holder_subject"] = (Resident, () => Subject("CN=2026040109000000001" + "11201T001,L=Kawagoe-shi,C=JP")),
        ["cps_holder_common_name"] = (Resident, () => Subject("CN=Taro,L=Kawagoe-shi,L=Saitama-ken,C=JP")),
        ["cps_holder_names"] = (Resident, () => Altered(names => [.. names.Reverse()])),
        ["cps_holder_names_are_utf8"] = (Resident, () => Altered(names =>
            [names[0], names[1], Printable("1"), .. names.Skip(3)])),
        ["cps_holder_name_length"] = (Resident, () => Person(Holder with
        {
            CommonName = "",
            CommonNameSubstitutes = "",
        })),
        ["cps_holder_address_length"] = (Resident, () => Person(Holder with
        {
            Address = new('あ', 201),
            AddressSubstitutes = new('0', 201),
        })),
        ["cps_holder_gender"] = (Resident, () => Person(Holder with { Gender = "4" })),
        ["cps_holder_birth_date"] = (Resident, () => Person(Holder with { BirthDate = "319810229" })),
        ["cps_holder_birth_era"] = (Resident, () => Person(Holder with { BirthDate = "319890108" })),
        ["cps_holder_substitutes"] = (Resident, () => Person(Holder with { CommonNameSubstitutes = "0000" })),
    };

    internal static Certificate Person(HolderNames holder) => Bent(Resident, _ => CertificateContents.Resident(
        Issuer, Frame(Resident, OtherKey), Kawagoe, "2026040109000000001" + "11201T001", holder));

    private static Certificate Subject(string name) => Bent(Resident, c => c with { Subject = Name.Parse(name) });

    private static Certificate Altered(Func<IReadOnlyList<GeneralName>, GeneralName[]> change) => Bent(Resident, c =>
    {
        var names = Extensions.ReadSubjectAltName(c.Extensions.First(e => e.Oid == Oids.SubjectAltName));
        return c with { Extensions = c.Extensions.With(Extensions.SubjectAltName(change(names))) };
    });

    /// <summary>The gender's otherName with a PrintableString, as it must not be.</summary>
    private static GeneralName Printable(string text)
    {
        var der = GeneralName.OtherName(HolderNames.GenderOid, text).Der.ToArray();
        der[^(2 + text.Length)] = 0x13;
        return GeneralName.Read(der);
    }
}
