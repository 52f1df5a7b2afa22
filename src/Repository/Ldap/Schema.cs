using System.Collections.Frozen;
using static Jpki.Repository.Equality;

namespace Jpki.Repository;

/// <summary>
/// The attribute types, object classes, rules and syntaxes in use, and nothing else. (RFC 4512, 4519, 4523)
/// </summary>
internal static class Schema
{
    private const string Text = "1.3.6.1.4.1.1466.115.121.1.15";
    private const string Country = "1.3.6.1.4.1.1466.115.121.1.11";
    private const string Printable = "1.3.6.1.4.1.1466.115.121.1.44";
    private const string OidSyntax = "1.3.6.1.4.1.1466.115.121.1.38";
    private const string DnSyntax = "1.3.6.1.4.1.1466.115.121.1.12";
    private const string IntegerSyntax = "1.3.6.1.4.1.1466.115.121.1.27";
    private const string BooleanSyntax = "1.3.6.1.4.1.1466.115.121.1.7";
    private const string Time = "1.3.6.1.4.1.1466.115.121.1.24";
    private const string Certificate = "1.3.6.1.4.1.1466.115.121.1.8";
    private const string CertificateList = "1.3.6.1.4.1.1466.115.121.1.9";
    private const string CertificatePair = "1.3.6.1.4.1.1466.115.121.1.10";

    internal static AttributeType ObjectClass { get; } = new("2.5.4.0", "objectClass", OidSyntax, ObjectIdentifier);
    internal static AttributeType CaCertificate { get; } = new("2.5.4.37", "cACertificate", Certificate, Octets)
    { EqualityName = "certificateExactMatch" };
    internal static AttributeType Arl { get; } = new("2.5.4.38", "authorityRevocationList", CertificateList, Octets)
    { EqualityName = "certificateListExactMatch" };
    internal static AttributeType Crl { get; } = new("2.5.4.39", "certificateRevocationList", CertificateList, Octets)
    { EqualityName = "certificateListExactMatch", IsRestricted = true };
    internal static AttributeType CrossPair { get; } = new("2.5.4.40", "crossCertificatePair", CertificatePair, Octets)
    { EqualityName = "certificatePairExactMatch" };
    internal static AttributeType CommonName { get; } = Directory("2.5.4.3", "cn commonName", Text);

    internal static AttributeType EntryDn { get; } = Single("1.3.6.1.1.20", "entryDN", DnSyntax, DistinguishedName);
    internal static AttributeType SubschemaSubentry { get; } =
        Single("2.5.18.10", "subschemaSubentry", DnSyntax, DistinguishedName);
    internal static AttributeType StructuralObjectClass { get; } =
        Single("2.5.21.9", "structuralObjectClass", OidSyntax, ObjectIdentifier);
    internal static AttributeType HasSubordinates { get; } =
        Single("2.5.18.9", "hasSubordinates", BooleanSyntax, CaseIgnore, "booleanMatch");
    internal static AttributeType ModifyTimestamp { get; } =
        Single("2.5.18.2", "modifyTimestamp", Time, CaseIgnore, "generalizedTimeMatch");

    internal static AttributeType NamingContexts { get; } =
        Root("1.3.6.1.4.1.1466.101.120.5", "namingContexts", DnSyntax, DistinguishedName);
    internal static AttributeType SupportedExtension { get; } =
        Root("1.3.6.1.4.1.1466.101.120.7", "supportedExtension", OidSyntax, ObjectIdentifier);
    internal static AttributeType SupportedControl { get; } =
        Root("1.3.6.1.4.1.1466.101.120.13", "supportedControl", OidSyntax, ObjectIdentifier);
    internal static AttributeType SupportedSaslMechanisms { get; } =
        Root("1.3.6.1.4.1.1466.101.120.14", "supportedSASLMechanisms", Text, CaseIgnore);
    internal static AttributeType SupportedLdapVersion { get; } =
        Root("1.3.6.1.4.1.1466.101.120.15", "supportedLDAPVersion", IntegerSyntax, Integer);
    internal static AttributeType SupportedFeatures { get; } =
        Root("1.3.6.1.4.1.4203.1.3.5", "supportedFeatures", OidSyntax, ObjectIdentifier);
    internal static AttributeType VendorName { get; } = Root("1.3.6.1.1.4", "vendorName", Text, CaseIgnore);

    internal static AttributeType LdapSyntaxes { get; } =
        Definitions("1.3.6.1.4.1.1466.101.120.16", "ldapSyntaxes", "1.3.6.1.4.1.1466.115.121.1.54");
    internal static AttributeType MatchingRules { get; } =
        Definitions("2.5.21.4", "matchingRules", "1.3.6.1.4.1.1466.115.121.1.30");
    internal static AttributeType AttributeTypes { get; } =
        Definitions("2.5.21.5", "attributeTypes", "1.3.6.1.4.1.1466.115.121.1.3");
    internal static AttributeType ObjectClasses { get; } =
        Definitions("2.5.21.6", "objectClasses", "1.3.6.1.4.1.1466.115.121.1.37");

    internal static IReadOnlyList<AttributeType> All { get; } =
    [
        ObjectClass, CommonName, Directory("2.5.4.5", "serialNumber", Printable),
        Directory("2.5.4.6", "c countryName", Country) with { IsSingleValued = true },
        Directory("2.5.4.7", "l localityName", Text), Directory("2.5.4.8", "st stateOrProvinceName", Text),
        Directory("2.5.4.10", "o organizationName", Text), Directory("2.5.4.11", "ou organizationalUnitName", Text),
        CaCertificate, Arl, Crl, CrossPair, EntryDn, SubschemaSubentry, StructuralObjectClass, HasSubordinates,
        ModifyTimestamp, NamingContexts, SupportedExtension, SupportedControl, SupportedSaslMechanisms,
        SupportedLdapVersion, SupportedFeatures, VendorName, LdapSyntaxes, MatchingRules, AttributeTypes, ObjectClasses,
    ];

    internal static IReadOnlyList<(string Oid, string Name, string Definition)> Classes { get; } =
    [
        ("2.5.6.0", "top", "( 2.5.6.0 NAME 'top' ABSTRACT MUST objectClass )"),
        ("2.5.6.2", "country", "( 2.5.6.2 NAME 'country' SUP top STRUCTURAL MUST c )"),
        ("2.5.6.3", "locality", "( 2.5.6.3 NAME 'locality' SUP top STRUCTURAL MAY ( l $ st ) )"),
        ("2.5.6.4", "organization", "( 2.5.6.4 NAME 'organization' SUP top STRUCTURAL MUST o MAY ( st $ l ) )"),
        ("2.5.6.5", "organizationalUnit",
            "( 2.5.6.5 NAME 'organizationalUnit' SUP top STRUCTURAL MUST ou MAY ( st $ l ) )"),
        ("2.5.6.11", "applicationProcess",
            "( 2.5.6.11 NAME 'applicationProcess' SUP top STRUCTURAL MUST cn MAY ( ou $ l ) )"),
        ("2.5.6.19", "cRLDistributionPoint", "( 2.5.6.19 NAME 'cRLDistributionPoint' SUP top STRUCTURAL MUST cn "
            + "MAY ( certificateRevocationList $ authorityRevocationList ) )"),
        ("2.5.6.22", "pkiCA", "( 2.5.6.22 NAME 'pkiCA' SUP top AUXILIARY MAY ( cACertificate $ "
            + "certificateRevocationList $ authorityRevocationList $ crossCertificatePair ) )"),
        ("2.5.20.1", "subschema", "( 2.5.20.1 NAME 'subschema' AUXILIARY MAY ( objectClasses $ attributeTypes $ "
            + "matchingRules $ ldapSyntaxes ) )"),
        ("2.5.17.0", "subentry", "( 2.5.17.0 NAME 'subentry' SUP top STRUCTURAL MUST cn )"),
    ];

    internal static IReadOnlyList<string> Rules { get; } =
    [
        "( 2.5.13.0 NAME 'objectIdentifierMatch' SYNTAX 1.3.6.1.4.1.1466.115.121.1.38 )",
        "( 2.5.13.1 NAME 'distinguishedNameMatch' SYNTAX 1.3.6.1.4.1.1466.115.121.1.12 )",
        "( 2.5.13.2 NAME 'caseIgnoreMatch' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
        "( 2.5.13.4 NAME 'caseIgnoreSubstringsMatch' SYNTAX 1.3.6.1.4.1.1466.115.121.1.58 )",
        "( 2.5.13.13 NAME 'booleanMatch' SYNTAX 1.3.6.1.4.1.1466.115.121.1.7 )",
        "( 2.5.13.14 NAME 'integerMatch' SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 )",
        "( 2.5.13.27 NAME 'generalizedTimeMatch' SYNTAX 1.3.6.1.4.1.1466.115.121.1.24 )",
        "( 2.5.13.30 NAME 'objectIdentifierFirstComponentMatch' SYNTAX 1.3.6.1.4.1.1466.115.121.1.38 )",
        "( 2.5.13.34 NAME 'certificateExactMatch' SYNTAX 1.3.6.1.1.15.1 )",
        "( 2.5.13.36 NAME 'certificatePairExactMatch' SYNTAX 1.3.6.1.1.15.3 )",
        "( 2.5.13.38 NAME 'certificateListExactMatch' SYNTAX 1.3.6.1.1.15.5 )",
    ];

    internal static IReadOnlyList<string> Syntaxes { get; } =
    [
        .. new[]
        {
            (BooleanSyntax, "Boolean"), (Certificate, "X.509 Certificate"), (CertificateList, "X.509 Certificate List"),
            (CertificatePair, "X.509 Certificate Pair"), (Country, "Country String"), (DnSyntax, "DN"),
            (Text, "Directory String"), (Time, "Generalized Time"), (IntegerSyntax, "INTEGER"), (OidSyntax, "OID"),
            (Printable, "Printable String"), ("1.3.6.1.1.15.1", "X.509 Certificate Exact Assertion"),
            ("1.3.6.1.1.15.3", "X.509 Certificate Pair Exact Assertion"),
            ("1.3.6.1.1.15.5", "X.509 Certificate List Exact Assertion"),
            ("1.3.6.1.4.1.1466.115.121.1.58", "Substring Assertion"),
        }.Select(s => $"( {s.Item1} DESC '{s.Item2}' )"),
    ];

    private static readonly FrozenDictionary<string, AttributeType> ByName = All
        .SelectMany(t => t.Names.Split(' ').Append(t.Oid).Select(n => (n, t)))
        .ToFrozenDictionary(p => p.n, p => p.t, StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, string> ClassOids = Classes
        .ToFrozenDictionary(c => c.Name, c => c.Oid, StringComparer.OrdinalIgnoreCase);

    /// <summary>The attribute type of that name or OID, without options.</summary>
    internal static AttributeType? Find(string nameOrOid) => ByName.GetValueOrDefault(nameOrOid);

    /// <summary>
    /// The attribute type a description means. "binary" is the only option here, and only of certificates and CRLs
    /// (RFC 4523 2); any other names a subtype that nothing has.
    /// </summary>
    internal static AttributeType? FindDescription(string description)
    {
        var options = description.IndexOf(';', StringComparison.Ordinal);
        if (options < 0)
            return Find(description);
        var isBinary = description.AsSpan(options).Equals(";binary", StringComparison.OrdinalIgnoreCase);
        return isBinary && Find(description[..options]) is { IsBinary: true } type ? type : null;
    }

    /// <summary>The OID of an object class or attribute type; null when this directory knows no such name.</summary>
    internal static string? OidOf(string nameOrOid) =>
        nameOrOid.Length > 0 && char.IsAsciiDigit(nameOrOid[0]) ? nameOrOid
        : ClassOids.GetValueOrDefault(nameOrOid) ?? Find(nameOrOid)?.Oid;

    internal static bool IsTransferredAsBinary(string syntax) =>
        syntax is Certificate or CertificateList or CertificatePair;

    internal static string? RuleName(Equality equality) => equality switch
    {
        CaseIgnore => "caseIgnoreMatch",
        ObjectIdentifier => "objectIdentifierMatch",
        DistinguishedName => "distinguishedNameMatch",
        Integer => "integerMatch",
        _ => null,
    };

    private static AttributeType Directory(string oid, string names, string syntax) =>
        new(oid, names, syntax, CaseIgnore) { HasSubstrings = true };

    private static AttributeType Single(
        string oid, string name, string syntax, Equality equality, string? equalityName = null) =>
        new(oid, name, syntax, equality) { IsOperational = true, IsSingleValued = true, EqualityName = equalityName };

    private static AttributeType Root(string oid, string name, string syntax, Equality equality) =>
        new(oid, name, syntax, equality) { IsOperational = true, Usage = "dSAOperation" };

    private static AttributeType Definitions(string oid, string name, string syntax) =>
        new(oid, name, syntax, None) { IsOperational = true, EqualityName = "objectIdentifierFirstComponentMatch" };
}
