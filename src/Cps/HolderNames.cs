using System.Text;
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

    private const byte Sequence = 0x30;
    private const byte Zero = 0xA0;
    private const byte Utf8String = 0x0C;

    /// <summary>1.2.392.200149.8.5.5, and the last arcs in the order of <see cref="Order"/>.</summary>
    private static ReadOnlySpan<byte> Arc => [0x06, 0x0A, 0x2A, 0x83, 0x08, 0x8C, 0x9B, 0x55, 0x08, 0x05, 0x05];

    private static ReadOnlySpan<byte> Suffixes => [1, 4, 3, 5, 2, 6];

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

    /// <summary>Reads what <see cref="ToExtension"/> wrote.</summary>
    /// <exception cref="System.Formats.Asn1.AsnContentException">One of the six is malformed or missing.</exception>
    public static HolderNames Read(Extension subjectAltName)
    {
        var texts = Extensions.ReadSubjectAltName(subjectAltName).Where(n => n.OtherNameOid is not null)
            .ToLookup(n => n.OtherNameOid!, n => n.Text);
        string Text(string oid) => texts[oid].FirstOrDefault()
            ?? throw new System.Formats.Asn1.AsnContentException($"subjectAltName: {oid} is missing");
        return new()
        {
            CommonName = Text(CommonNameOid),
            CommonNameSubstitutes = Text(CommonNameSubstitutesOid),
            Gender = Text(GenderOid),
            BirthDate = Text(BirthDateOid),
            Address = Text(AddressOid),
            AddressSubstitutes = Text(AddressSubstitutesOid),
        };
    }

    public override string ToString() => "(names of a holder)";

    /// <summary>
    /// subjectAltName: otherName by otherName, every value a UTF8String, digits too. Most of a certificate's own octets
    /// are here, so they are written in one go. (RFC 5280 4.2.1.6)
    /// </summary>
    internal Extension ToExtension()
    {
        string[] texts = [CommonName, BirthDate, Gender, Address, CommonNameSubstitutes, AddressSubstitutes];
        var contents = 0;
        foreach (var text in texts)
            contents += Whole(OtherName(Encoding.UTF8.GetByteCount(text)));
        var octets = new byte[Whole(contents)];
        var room = octets.AsSpan();
        Begin(ref room, Sequence, contents);
        for (var i = 0; i < texts.Length; i++)
            Write(ref room, Suffixes[i], texts[i]);
        return new(Oids.SubjectAltName, Critical: false, octets);
    }

    /// <summary>[0] { type-id, [0] { UTF8String } }</summary>
    private static void Write(ref Span<byte> room, byte suffix, string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Begin(ref room, Zero, OtherName(length));
        Arc.CopyTo(room);
        room[Arc.Length] = suffix;
        room = room[(Arc.Length + 1)..];
        Begin(ref room, Zero, Whole(length));
        Begin(ref room, Utf8String, length);
        room = room[Encoding.UTF8.GetBytes(text, room)..];
    }

    /// <summary>Contents of one otherName.</summary>
    private static int OtherName(int textLength) => Arc.Length + 1 + Whole(Whole(textLength));

    /// <summary>Tag, length and contents. (X.690 8.1.3)</summary>
    private static int Whole(int length) => length + (length < 0x80 ? 2 : length <= 0xFF ? 3 : 4);

    private static void Begin(ref Span<byte> room, byte tag, int length)
    {
        var header = Whole(length) - length;
        room[0] = tag;
        room[1] = header == 2 ? (byte)length : (byte)(0x80 + header - 2);
        for (var i = 2; i < header; i++)
            room[i] = (byte)(length >> (8 * (header - 1 - i)) & 0xFF);
        room = room[header..];
    }
}
