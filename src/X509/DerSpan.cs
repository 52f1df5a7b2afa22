namespace Jpki.X509;

/// <summary>Writes DER front to back into octets that are already there; lengths must be known beforehand.</summary>
internal ref struct DerSpan(Span<byte> octets)
{
    /// <summary>A tag, and a length of up to 2^31.</summary>
    public const int MaxHeader = 6;

    private readonly Span<byte> octets = octets;

    public int Written { get; private set; }

    public static int MeasureHeader(long length) => length switch
    {
        < 0x80 => 2,
        <= 0xFF => 3,
        <= 0xFFFF => 4,
        <= 0xFF_FFFF => 5,
        _ => MaxHeader,
    };

    /// <summary>Header and contents.</summary>
    public static long MeasureValue(long length) => MeasureHeader(length) + length;

    public void WriteHeader(byte tag, long length)
    {
        var lengthOctets = MeasureHeader(length) - 2;
        octets[Written++] = tag;
        octets[Written++] = lengthOctets == 0 ? (byte)length : (byte)(0x80 | lengthOctets);
        for (var i = lengthOctets - 1; i >= 0; i--)
            octets[Written++] = (byte)(length >> (8 * i) & 0xFF);
    }

    public void Write(scoped ReadOnlySpan<byte> value)
    {
        value.CopyTo(octets[Written..]);
        Written += value.Length;
    }

    public readonly void ThrowUnlessFull()
    {
        if (Written != octets.Length)
            throw new InvalidOperationException("the entries changed between measuring and writing");
    }
}
