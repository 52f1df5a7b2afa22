using System.Formats.Asn1;

namespace Jpki.X509;

/// <summary>What every reader and writer here shares: DER only, nothing left over, whole seconds in UTC.</summary>
internal static class Der
{
    /// <summary>RFC 5280 4.1.2.5: through 2049 as UTCTime, from 2050 as GeneralizedTime.</summary>
    public const int LastYearOfUtcTime = 2049;

    /// <summary>Whole seconds and a Z.</summary>
    public const int UtcTimeOctets = 13;
    public const int GeneralizedTimeOctets = 15;

    public static AsnReader Open(ReadOnlyMemory<byte> der) =>
        new(der, AsnEncodingRules.DER, new AsnReaderOptions { UtcTimeTwoDigitYearMax = LastYearOfUtcTime });

    /// <summary>Reads one value that must be all of <paramref name="der"/>.</summary>
    public static T ReadWhole<T>(ReadOnlyMemory<byte> der, Func<AsnReader, T> read)
    {
        var reader = Open(der);
        var value = read(reader);
        reader.ThrowIfNotEmpty();
        return value;
    }

    /// <summary>Opens the SEQUENCE that must be all of <paramref name="der"/>.</summary>
    public static AsnReader OpenSequence(ReadOnlyMemory<byte> der) => ReadWhole(der, r => r.ReadSequence());

    public static AsnWriter NewWriter() => new(AsnEncodingRules.DER);

    public static byte[] Write(Action<AsnWriter> write)
    {
        var writer = NewWriter();
        write(writer);
        return writer.Encode();
    }

    public static Asn1Tag Context(int number, bool constructed = false) =>
        new(TagClass.ContextSpecific, number, constructed);

    public static bool NextIs(this AsnReader reader, Asn1Tag tag) =>
        reader.HasData && reader.PeekTag().HasSameClassAndValue(tag);

    public static bool NextIs(this AsnReader reader, UniversalTagNumber tag) => reader.NextIs(new Asn1Tag(tag));

    public static bool NextIsTime(this AsnReader reader) =>
        reader.NextIs(UniversalTagNumber.UtcTime) || reader.NextIs(UniversalTagNumber.GeneralizedTime);

    /// <summary>Reads what an EXPLICIT tag wraps; default when the tag is not next.</summary>
    public static T? ReadExplicit<T>(this AsnReader reader, Asn1Tag tag, Func<AsnReader, T> read)
    {
        if (!reader.NextIs(tag))
            return default;
        var wrapped = reader.ReadSequence(tag);
        var value = read(wrapped);
        wrapped.ThrowIfNotEmpty();
        return value;
    }

    /// <summary>A BOOLEAN DEFAULT FALSE. X.690 11.5: written only when TRUE; a FALSE in the bytes is not DER.</summary>
    public static bool ReadDefaultFalse(this AsnReader reader, Asn1Tag? tag = null)
    {
        if (!reader.NextIs(tag ?? Asn1Tag.Boolean))
            return false;
        return reader.ReadBoolean(tag) ? true : throw new AsnContentException("a DEFAULT value is encoded");
    }

    /// <summary>Content of a BIT STRING that holds whole octets: a key.</summary>
    public static ReadOnlyMemory<byte> ReadOctetBits(this AsnReader reader)
    {
        if (!reader.TryReadPrimitiveBitString(out var unusedBits, out var bits) || unusedBits != 0)
            throw new AsnContentException("a BIT STRING does not hold whole octets");
        return bits;
    }

    /// <summary>
    /// Time ::= CHOICE { utcTime, generalTime }, with seconds, without fractions, in Z (RFC 5280 4.1.2.5.1 and .2).
    /// A relying party must read either form of any year.
    /// </summary>
    public static DateTimeOffset ReadTime(this AsnReader reader)
    {
        var isUtcTime = reader.NextIs(UniversalTagNumber.UtcTime);
        if (reader.PeekContentBytes().Length != (isUtcTime ? UtcTimeOctets : GeneralizedTimeOctets))
            throw new AsnContentException("a time is not whole seconds in UTC");
        return isUtcTime ? reader.ReadUtcTime() : reader.ReadGeneralizedTime();
    }

    public static void WriteTime(this AsnWriter writer, DateTimeOffset time)
    {
        if (time.UtcDateTime.Year <= LastYearOfUtcTime)
            writer.WriteUtcTime(time, LastYearOfUtcTime);
        else
            writer.WriteGeneralizedTime(time, omitFractionalSeconds: true);
    }
}
