using System.Formats.Asn1;

namespace Jpki.X509;

/// <summary>The choices of GeneralName, by their tag numbers (RFC 5280 4.2.1.6).</summary>
public enum GeneralNameKind
{
    OtherName = 0,
    Rfc822Name = 1,
    DnsName = 2,
    X400Address = 3,
    DirectoryName = 4,
    EdiPartyName = 5,
    UniformResourceIdentifier = 6,
    IpAddress = 7,
    RegisteredId = 8,
}

/// <summary>One GeneralName: its kind and its DER, with the three forms in use here made readable. 一般名</summary>
public sealed record GeneralName(GeneralNameKind Kind, ReadOnlyMemory<byte> Der)
{
    /// <summary>The address of an rfc822Name, dNSName or URI; the UTF8String of an otherName; else null.</summary>
    public string? Text { get; private init; }

    public Name? DirectoryName { get; private init; }

    /// <summary>The octets of an iPAddress: 4 or 16, twice that in name constraints.</summary>
    public ReadOnlyMemory<byte> IpAddress { get; private init; }

    /// <summary>Is the value of an otherName a UTF8String?</summary>
    public bool IsUtf8 { get; private init; }

    /// <summary>The type-id of an otherName.</summary>
    public string? OtherNameOid { get; private init; }

    public static GeneralName Of(Name name) => Read(X509.Der.Write(writer =>
    {
        using (writer.PushSequence(TagOf(GeneralNameKind.DirectoryName))) // Name is a CHOICE: its tag is EXPLICIT
            writer.WriteEncodedValue(name.Der.Span);
    }));

    /// <summary>An rfc822Name, dNSName or uniformResourceIdentifier.</summary>
    public static GeneralName Of(GeneralNameKind kind, string text) =>
        Read(X509.Der.Write(w => w.WriteCharacterString(UniversalTagNumber.IA5String, text, TagOf(kind))));

    /// <summary>[0] IMPLICIT OtherName { type-id, [0] EXPLICIT UTF8String }: as JPKI writes its attributes.</summary>
    public static GeneralName OtherName(string oid, string text) => Read(X509.Der.Write(writer =>
    {
        using (writer.PushSequence(TagOf(GeneralNameKind.OtherName)))
        {
            writer.WriteObjectIdentifier(oid);
            using (writer.PushSequence(X509.Der.Context(0, constructed: true)))
                writer.WriteCharacterString(UniversalTagNumber.UTF8String, text);
        }
    }));

    public static GeneralName Read(ReadOnlyMemory<byte> der) => X509.Der.ReadWhole(der, ReadFrom);

    public static GeneralName ReadFrom(AsnReader outer)
    {
        var tag = outer.PeekTag();
        var kind = (GeneralNameKind)tag.TagValue;
        if (tag.TagClass != TagClass.ContextSpecific || !Enum.IsDefined(kind) || tag != TagOf(kind))
            throw new AsnContentException("not a GeneralName");
        var content = outer.PeekContentBytes();
        var reader = X509.Der.Open(outer.PeekEncodedValue());
        var name = new GeneralName(kind, outer.ReadEncodedValue());
        return kind switch
        {
            GeneralNameKind.OtherName => name.WithOtherName(reader.ReadSequence(tag)),
            GeneralNameKind.DirectoryName => name with { DirectoryName = Name.Read(content) },
            GeneralNameKind.IpAddress => name with { IpAddress = content },
            GeneralNameKind.Rfc822Name or GeneralNameKind.DnsName or GeneralNameKind.UniformResourceIdentifier =>
                name with { Text = reader.ReadCharacterString(UniversalTagNumber.IA5String, tag) },
            _ => name,
        };
    }

    /// <summary>GeneralNames ::= SEQUENCE SIZE (1..MAX) OF GeneralName</summary>
    public static IReadOnlyList<GeneralName> ReadList(AsnReader outer, Asn1Tag? tag = null)
    {
        var reader = outer.ReadSequence(tag);
        var names = new List<GeneralName>();
        do
        {
            names.Add(ReadFrom(reader));
        }
        while (reader.HasData);
        return names;
    }

    public static void WriteList(AsnWriter writer, IEnumerable<GeneralName> names, Asn1Tag? tag = null)
    {
        using (writer.PushSequence(tag))
        {
            foreach (var name in names)
                writer.WriteEncodedValue(name.Der.Span);
        }
    }

    private static Asn1Tag TagOf(GeneralNameKind kind) => X509.Der.Context((int)kind, constructed: kind
        is GeneralNameKind.OtherName or GeneralNameKind.X400Address or GeneralNameKind.DirectoryName
        or GeneralNameKind.EdiPartyName);

    private GeneralName WithOtherName(AsnReader reader)
    {
        var oid = reader.ReadObjectIdentifier();
        var inner = reader.ReadSequence(X509.Der.Context(0, constructed: true));
        reader.ThrowIfNotEmpty();
        var value = inner.ReadEncodedValue();
        inner.ThrowIfNotEmpty();
        return this with
        {
            OtherNameOid = oid,
            Text = AttributeTypeAndValue.ReadText(value),
            IsUtf8 = value.Span[0] == (byte)UniversalTagNumber.UTF8String,
        };
    }
}
