using System.Formats.Asn1;
using Jpki.X509;

namespace Jpki.Cps;

/// <summary>
/// The six texts of a resident's subjectAltName, each under an OID of its own. 電子証明書の拡張領域に記録する名称 (CPS 3-1-7, 4-2-2)
/// They are the four attributes, so <see cref="ToString"/> prints nothing.
/// </summary>
public sealed record HolderNames
{
    public const string CommonNameOid = "1.2.392.200149.8.5.5.1";
    public const string CommonNameSubstitutesOid = "1.2.392.200149.8.5.5.2";
    public const string GenderOid = "1.2.392.200149.8.5.5.3";
    public const string BirthDateOid = "1.2.392.200149.8.5.5.4";
    public const string AddressOid = "1.2.392.200149.8.5.5.5";
    public const string AddressSubstitutesOid = "1.2.392.200149.8.5.5.6";

    /// <summary>The order found on real cards: it is not the order of the numbers.</summary>
    public static readonly IReadOnlyList<string> Order =
        [CommonNameOid, BirthDateOid, GenderOid, AddressOid, CommonNameSubstitutesOid, AddressSubstitutesOid];

    public required string CommonName { get; init; }

    /// <summary>One '0' or '1' for each character of the name: '1' where a substitute stands. (CPS 3-1-8)</summary>
    public required string CommonNameSubstitutes { get; init; }

    /// <summary>One digit.</summary>
    public required string Gender { get; init; }

    /// <summary>EYYYYMMDD: era, Gregorian year, month, day; 0 for what is unknown.</summary>
    public required string BirthDate { get; init; }

    public required string Address { get; init; }

    public required string AddressSubstitutes { get; init; }

    public override string ToString() => "(names of a holder)";

    /// <summary>subjectAltName: otherName by otherName, every value a UTF8String, digits too.</summary>
    internal Extension ToExtension()
    {
        AsnWriter writer = new(AsnEncodingRules.DER, 512);
        using (writer.PushSequence())
        {
            Write(writer, CommonNameOid, CommonName);
            Write(writer, BirthDateOid, BirthDate);
            Write(writer, GenderOid, Gender);
            Write(writer, AddressOid, Address);
            Write(writer, CommonNameSubstitutesOid, CommonNameSubstitutes);
            Write(writer, AddressSubstitutesOid, AddressSubstitutes);
        }
        return new(Oids.SubjectAltName, Critical: false, writer.Encode());
    }

    private static void Write(AsnWriter writer, string oid, string text)
    {
        Asn1Tag zero = new(TagClass.ContextSpecific, 0, isConstructed: true);
        using (writer.PushSequence(zero))
        {
            writer.WriteObjectIdentifier(oid);
            using (writer.PushSequence(zero))
                writer.WriteCharacterString(UniversalTagNumber.UTF8String, text);
        }
    }
}
