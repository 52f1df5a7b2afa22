using System.Formats.Asn1;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.X509;

namespace Jpki.Authority.Cmp;

/// <summary>
/// A CMP request as the notice it stands for. The four attributes come as the certificate will show them: six
/// otherNames in the template's subjectAltName; the officer as an extension of ours. (CPS 4-2-1①, 4-2-2)
/// </summary>
internal static class CmpNotices
{
    /// <summary>
    /// Our extension: a UTF8String with the id of the officer who proved the applicant's identity. The arc is made from
    /// a UUID, so that nobody need grant it (X.667).
    /// </summary>
    public const string OfficerOid = "2.25.147612761777556444918468123321129655809";

    private const int LongestOfficer = 64;

    public static string IdOf(CmpMessage message, Caller terminal, string about) =>
        $"CMP-{terminal.Id}-{Convert.ToHexString(message.TransactionId)}-{about}";

    /// <exception cref="AsnContentException">An extension is malformed.</exception>
    public static Outcome<IssuanceNotice> Issuance(
        CmpMessage message, CmpRequest asked, Caller terminal, DateTimeOffset at)
    {
        if (Attributes(asked.Extensions).IsRefused(out var refusal, out var person))
            return refusal;
        if (OfficerOf(asked.Extensions) is not { } officer)
            return new Refusal("5-1-2-2", $"the template names no officer: extension {OfficerOid}");
        return new IssuanceNotice
        {
            NoticeId = IdOf(message, terminal, $"{asked.Id}"),
            Municipality = terminal.Municipality,
            SubjectCommonName = asked.Subject?.Value(Oids.CommonName) ?? "",
            Attributes = person,
            CertificationRequest = asked.Der,
            Officer = officer,
            At = at,
            Renews = asked.Renews,
        };
    }

    /// <summary>Null when there is none.</summary>
    /// <exception cref="AsnContentException">It is no UTF8String of a reasonable length.</exception>
    public static string? OfficerOf(IReadOnlyList<Extension> extensions)
    {
        if (extensions.FirstOrDefault(e => e.Oid == OfficerOid) is not { } extension)
            return null;
        var officer = new AsnReader(extension.Value, AsnEncodingRules.DER)
            .ReadCharacterString(UniversalTagNumber.UTF8String);
        return officer.Length is >= 1 and <= LongestOfficer && !officer.Any(char.IsControl)
            ? officer
            : throw new AsnContentException("an officer's id is 1 to 64 characters");
    }

    private static Outcome<CertifiedAttributes> Attributes(IReadOnlyList<Extension> extensions)
    {
        var names = extensions.FirstOrDefault(e => e.Oid == Oids.SubjectAltName) is { } extension
            ? Extensions.ReadSubjectAltName(extension)
            : [];
        string? Text(string oid) => names.Where(n => n.OtherNameOid == oid && n.IsUtf8).ToList() is [var one]
            ? one.Text
            : null;
        if (HolderNames.Order.FirstOrDefault(oid => Text(oid) is null) is { } missing)
            return new Refusal("4-2-1", $"subjectAltName: needs otherName {missing} once, a UTF8String");
        if (Eras.Parse(Text(HolderNames.BirthDateOid)!) is not { } birth)
            return new Refusal("3-1-7", "subjectAltName: the date of birth is not EYYYYMMDD") { Field = "birthDate" };
        return new CertifiedAttributes
        {
            CommonName = Text(HolderNames.CommonNameOid)!,
            CommonNameSubstitutes = Text(HolderNames.CommonNameSubstitutesOid)!,
            BirthDate = birth,
            Gender = Text(HolderNames.GenderOid) is [>= '1' and <= '3' and var digit] ? (Gender)(digit - '0') : 0,
            Address = Text(HolderNames.AddressOid)!,
            AddressSubstitutes = Text(HolderNames.AddressSubstitutesOid)!,
        };
    }
}
