using System.Collections.Immutable;
using Jpki.X509;
using static Jpki.Cps.Lint.Rules;

namespace Jpki.Cps.Lint;

/// <summary>Issuer and subject, as every certificate has them. (RFC 5280 4.1.2.4, 4.1.2.6, appendix A.1)</summary>
internal static class NameRules
{
    private const byte Utf8String = 0x0C;
    private const byte PrintableString = 0x13;
    private const byte Ia5String = 0x16;

    public static readonly ImmutableArray<Rule<CertificateView>> All =
    [
        Error<CertificateView>("authority_has_a_subject", "RFC 5280 4.1.2.6", c =>
            When(c.IsAuthority && c.Certificate.Subject.IsEmpty, "a certification authority without a name")),

        Error<CertificateView>("holder_has_some_name", "RFC 5280 4.1.2.6", c =>
            When(
                c.Certificate.Subject.IsEmpty && !c.IsCritical(Oids.SubjectAltName),
                "neither a subject nor a critical subjectAltName")),

        Error<CertificateView>("country_is_two_printable_letters", "RFC 5280 A.1", c =>
            First(c, a => a.Oid == Oids.CountryName
                && (a.ValueDer.Span[0] != PrintableString || a.Text is not [>= 'A' and <= 'Z', >= 'A' and <= 'Z'])
                    ? "countryName is not two capital letters in a PrintableString"
                    : null)),

        Error<CertificateView>("names_are_utf8_or_printable", "RFC 5280 4.1.2.4", c =>
            First(c, a => IsWellTyped(a) ? null : $"{a.Oid} is neither UTF8String nor PrintableString"))
            with { Since = new(2004, 1, 1) },

        Error<CertificateView>("names_keep_their_bounds", "RFC 5280 A.1", c =>
            First(c, a => a.Text is { } text && text.Length > UpperBound(a.Oid)
                ? $"{a.Oid} has {text.Length} characters, more than {UpperBound(a.Oid)}"
                : null)),

        Error<CertificateView>("names_are_not_empty", "RFC 5280 A.1", c =>
            First(c, a => a.Text == "" ? $"{a.Oid} is empty" : null)),

        Warning<CertificateView>("names_have_no_outer_blanks", "RFC 5280 7.1", c =>
            First(c, a => a.Text is { Length: > 0 } text && (char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1]))
                ? $"{a.Oid} begins or ends with a blank"
                : null)),
    ];

    /// <summary>The first objection to an attribute of issuer or subject.</summary>
    private static string? First(CertificateView c, Func<AttributeTypeAndValue, string?> objection) =>
        First("issuer", c.Certificate.Issuer, objection) ?? First("subject", c.Certificate.Subject, objection);

    private static string? First(string whose, Name name, Func<AttributeTypeAndValue, string?> objection)
    {
        foreach (var rdn in name.Rdns)
        {
            foreach (var attribute in rdn.Attributes)
            {
                if (objection(attribute) is { } text)
                    return $"{whose}: {text}";
            }
        }
        return null;
    }

    /// <summary>
    /// DirectoryString as RFC 5280 still lets it be written; what is defined as another type is that type.
    /// </summary>
    private static bool IsWellTyped(AttributeTypeAndValue attribute) => attribute.Oid switch
    {
        Oids.DomainComponent or Oids.EmailAddress => attribute.ValueDer.Span[0] == Ia5String,
        Oids.CountryName => true,
        _ => attribute.ValueDer.Span[0] is Utf8String or PrintableString,
    };

    private static int UpperBound(string oid) => oid switch
    {
        Oids.CommonName or Oids.OrganizationName or Oids.OrganizationalUnitName or Oids.SerialNumber => 64,
        Oids.LocalityName or Oids.StateOrProvinceName => 128,
        Oids.Surname => 32768,
        Oids.EmailAddress => 255,
        _ => int.MaxValue,
    };
}
