using System.Formats.Asn1;

namespace Jpki.X509;

/// <summary>What the key may be used for, bit by bit (RFC 5280 4.2.1.3). 鍵用途</summary>
[Flags]
public enum KeyUsages
{
    None = 0,
    DigitalSignature = 1 << 0,
    NonRepudiation = 1 << 1,
    KeyEncipherment = 1 << 2,
    DataEncipherment = 1 << 3,
    KeyAgreement = 1 << 4,
    KeyCertSign = 1 << 5,
    CrlSign = 1 << 6,
    EncipherOnly = 1 << 7,
    DecipherOnly = 1 << 8,
}

/// <summary>May the subject certify others, and how many more below it? (RFC 5280 4.2.1.9) 基本制約</summary>
public sealed record BasicConstraints(bool IsCa, int? PathLength);

/// <summary>
/// One builder and one reader for every extension in use here: <c>X(…)</c> makes it with the criticality that JPKI
/// gives it, <c>ReadX(extension)</c> gives its meaning back. This file holds the short ones.
/// </summary>
public static partial class Extensions
{
    public static Extension KeyUsage(KeyUsages usages) =>
        Make(Oids.KeyUsage, true, w => w.WriteNamedBitList(usages));

    public static KeyUsages ReadKeyUsage(Extension extension) =>
        Der.ReadWhole(extension.Value, r => r.ReadNamedBitListValue<KeyUsages>());

    public static Extension BasicConstraints(bool isCa, int? pathLength = null) =>
        Make(Oids.BasicConstraints, true, writer =>
        {
            using (writer.PushSequence())
            {
                if (isCa)
                    writer.WriteBoolean(true);
                if (pathLength is { } length)
                    writer.WriteInteger(length);
            }
        });

    public static BasicConstraints ReadBasicConstraints(Extension extension)
    {
        var reader = Der.OpenSequence(extension.Value);
        var isCa = reader.ReadDefaultFalse();
        int? pathLength = reader.HasData ? ReadNonNegative(reader) : null;
        reader.ThrowIfNotEmpty();
        return new(isCa, pathLength);
    }

    public static Extension ExtendedKeyUsage(params string[] purposes) => ExtendedKeyUsage(false, purposes);

    public static Extension ExtendedKeyUsage(bool critical, params string[] purposes) =>
        Make(Oids.ExtendedKeyUsage, critical, writer =>
        {
            using (writer.PushSequence())
            {
                foreach (var purpose in purposes)
                    writer.WriteObjectIdentifier(purpose);
            }
        });

    public static IReadOnlyList<string> ReadExtendedKeyUsage(Extension extension) =>
        ReadSequenceOf(extension, r => r.ReadObjectIdentifier());

    public static Extension SubjectKeyIdentifier(byte[] keyIdentifier) =>
        Make(Oids.SubjectKeyIdentifier, false, w => w.WriteOctetString(keyIdentifier));

    public static byte[] ReadSubjectKeyIdentifier(Extension extension) =>
        Der.ReadWhole(extension.Value, r => r.ReadOctetString());

    /// <summary>RFC 6960 4.2.2.2.1: nobody needs to ask whether this responder's certificate is revoked.</summary>
    public static Extension OcspNoCheck() => Make(Oids.OcspNoCheck, false, w => w.WriteNull());

    public static void ReadOcspNoCheck(Extension extension) => Der.ReadWhole(extension.Value, reader =>
    {
        reader.ReadNull();
        return true;
    });

    internal static Extension Make(string oid, bool critical, Action<AsnWriter> write) =>
        new(oid, critical, Der.Write(write));

    /// <summary>SEQUENCE SIZE (1..MAX) OF T, the shape of most extensions.</summary>
    internal static IReadOnlyList<T> ReadSequenceOf<T>(Extension extension, Func<AsnReader, T> read)
    {
        var reader = Der.OpenSequence(extension.Value);
        var values = new List<T>();
        do
        {
            values.Add(read(reader));
        }
        while (reader.HasData);
        return values;
    }

    /// <summary>INTEGER (0..MAX); one beyond int means the same as the largest int.</summary>
    internal static int ReadNonNegative(AsnReader reader, Asn1Tag? tag = null)
    {
        var number = reader.ReadInteger(tag);
        return number.Sign >= 0
            ? (int)System.Numerics.BigInteger.Min(number, int.MaxValue)
            : throw new AsnContentException("a number is negative");
    }
}
