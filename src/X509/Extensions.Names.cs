using System.Formats.Asn1;

namespace Jpki.X509;

/// <summary>Whose key signed: its hash, and its certificate by issuer and serial (RFC 5280 4.2.1.1). 発行者鍵識別子</summary>
public sealed record AuthorityKeyIdentifier(
    byte[]? KeyIdentifier,
    IReadOnlyList<GeneralName>? Issuer,
    SerialNumber? Serial);

/// <summary>Where a service of the issuer is found, for example its OCSP responder (RFC 5280 4.2.2.1).</summary>
public sealed record AccessDescription(string Method, GeneralName Location);

/// <summary>Extensions that hold names.</summary>
public static partial class Extensions
{
    public static Extension SubjectAltName(params GeneralName[] names) => SubjectAltName(false, names);

    public static Extension SubjectAltName(bool critical, params GeneralName[] names) =>
        Make(Oids.SubjectAltName, critical, w => GeneralName.WriteList(w, names));

    public static IReadOnlyList<GeneralName> ReadSubjectAltName(Extension extension) =>
        Der.ReadWhole(extension.Value, r => GeneralName.ReadList(r));

    public static Extension IssuerAltName(params GeneralName[] names) =>
        Make(Oids.IssuerAltName, false, w => GeneralName.WriteList(w, names));

    public static IReadOnlyList<GeneralName> ReadIssuerAltName(Extension extension) =>
        Der.ReadWhole(extension.Value, r => GeneralName.ReadList(r));

    /// <summary>The key identifier alone.</summary>
    public static Extension AuthorityKeyIdentifier(byte[] keyIdentifier) =>
        AuthorityKeyIdentifier(new AuthorityKeyIdentifier(keyIdentifier, null, null));

    /// <summary>All three fields, as JPKI writes them: issuer and serial are the CA's own certificate's.</summary>
    public static Extension AuthorityKeyIdentifier(
        byte[] keyIdentifier, Name issuer, SerialNumber serial) =>
        AuthorityKeyIdentifier(new AuthorityKeyIdentifier(keyIdentifier, [GeneralName.Of(issuer)], serial));

    public static AuthorityKeyIdentifier ReadAuthorityKeyIdentifier(Extension extension)
    {
        var reader = Der.OpenSequence(extension.Value);
        var keyIdentifier = reader.NextIs(Der.Context(0)) ? reader.ReadOctetString(Der.Context(0)) : null;
        var issuer = reader.NextIs(Der.Context(1))
            ? GeneralName.ReadList(reader, Der.Context(1, constructed: true)) : null;
        SerialNumber? serial = reader.NextIs(Der.Context(2)) ? SerialNumber.Read(reader, Der.Context(2)) : null;
        reader.ThrowIfNotEmpty();
        return issuer is null == serial is null
            ? new(keyIdentifier, issuer, serial)
            : throw new AsnContentException("an authority's issuer and serial come together"); // RFC 5280 A.2
    }

    public static Extension AuthorityInfoAccess(params AccessDescription[] descriptions) =>
        Make(Oids.AuthorityInfoAccess, false, writer =>
        {
            using (writer.PushSequence())
            {
                foreach (var description in descriptions)
                {
                    using (writer.PushSequence())
                    {
                        writer.WriteObjectIdentifier(description.Method);
                        writer.WriteEncodedValue(description.Location.Der.Span);
                    }
                }
            }
        });

    public static IReadOnlyList<AccessDescription> ReadAuthorityInfoAccess(Extension extension) =>
        ReadSequenceOf(extension, outer =>
        {
            var reader = outer.ReadSequence();
            var description = new AccessDescription(reader.ReadObjectIdentifier(), GeneralName.ReadFrom(reader));
            reader.ThrowIfNotEmpty();
            return description;
        });

    private static Extension AuthorityKeyIdentifier(AuthorityKeyIdentifier identifier) =>
        Make(Oids.AuthorityKeyIdentifier, false, writer =>
        {
            using (writer.PushSequence())
            {
                if (identifier.KeyIdentifier is { } key)
                    writer.WriteOctetString(key, Der.Context(0));
                if (identifier.Issuer is { } issuer)
                    GeneralName.WriteList(writer, issuer, Der.Context(1, constructed: true));
                if (identifier.Serial is { } serial)
                    writer.WriteInteger(serial.Bytes.Span, Der.Context(2));
            }
        });
}
