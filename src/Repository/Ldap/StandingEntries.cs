namespace Jpki.Repository;

/// <summary>The two entries that describe the server itself. (RFC 4512 4.2, 5.1)</summary>
internal static class StandingEntries
{
    internal const string SubschemaName = "cn=Subschema";

    internal static Entry Subschema { get; } = new(Dn.Parse(SubschemaName), SubschemaName,
    [
        StoredAttribute.Of(Schema.ObjectClass, "top", "subentry", "subschema"),
        StoredAttribute.Of(Schema.CommonName, "Subschema"),
        StoredAttribute.Of(Schema.ObjectClasses, [.. Schema.Classes.Select(c => c.Definition)]),
        StoredAttribute.Of(Schema.AttributeTypes, [.. Schema.All.Select(t => t.Definition())]),
        StoredAttribute.Of(Schema.MatchingRules, Schema.Rules),
        StoredAttribute.Of(Schema.LdapSyntaxes, Schema.Syntaxes),
        StoredAttribute.Of(Schema.SubschemaSubentry, SubschemaName),
    ]);

    internal static Entry RootDse(string context) => new(Dn.Root, "",
    [
        StoredAttribute.Of(Schema.ObjectClass, "top"),
        StoredAttribute.Of(Schema.NamingContexts, context),
        StoredAttribute.Of(Schema.SubschemaSubentry, SubschemaName),
        StoredAttribute.Of(Schema.SupportedLdapVersion, "3"),
        StoredAttribute.Of(Schema.SupportedExtension, LdapOids.StartTls, LdapOids.WhoAmI),
        StoredAttribute.Of(Schema.SupportedControl, LdapOids.PagedResults),
        StoredAttribute.Of(Schema.SupportedFeatures, LdapOids.AllOperationalAttributes, LdapOids.TrueFalseFilters),
        StoredAttribute.Of(Schema.SupportedSaslMechanisms, "EXTERNAL"),
        StoredAttribute.Of(Schema.VendorName, "jpki"),
    ]);
}
