using System.Formats.Asn1;
using System.Numerics;

namespace Jpki.X509;

/// <summary>
/// Where each revoked serial stands in a CRL: a hash table of offsets into its octets, 16 to 32 octets an entry. One
/// linear pass makes it and unpacks only what is unusual; a look-up compares octets. 失効エントリの索引
/// </summary>
public sealed class CrlIndex
{
    private readonly CrlEntries entries;
    private readonly Name issuer;

    /// <summary>
    /// The hash in the upper half, the offset plus one in the lower; 0 is a free place. As many as a power of two, at
    /// least twice the entries.
    /// </summary>
    private readonly ulong[] places;

    /// <summary>From which offset on which issuer's certificates are meant (RFC 5280 5.3.3).</summary>
    private readonly List<(int Offset, Name Issuer)> issuers = [];

    private CrlIndex(CrlEntries entries, Name issuer)
    {
        this.entries = entries;
        this.issuer = issuer;
        var offsets = Walk();
        places = new ulong[BitOperations.RoundUpToPowerOf2((uint)(2 * offsets.Count) + 1)];
        foreach (var offset in offsets)
            Place(offset);
        Count = offsets.Count;
    }

    public int Count { get; }

    /// <summary>
    /// Does an entry bear a critical extension that nobody here knows? Then the CRL is of no use (5.3).
    /// </summary>
    public bool HasUnknownCriticalExtension { get; private set; }

    internal static CrlIndex Of(CrlEntries entries, Name issuer) => new(entries, issuer);

    /// <summary>The first entry of that serial among those of that issuer's certificates.</summary>
    public RevokedEntry? Find(SerialNumber serial, Name certificateIssuer)
    {
        if (Count == 0)
            return null;
        var octets = entries.Octets.Span;
        var hash = HashOf(serial.Bytes.Span);
        for (var place = PlaceOf(hash); places[place] != 0; place = (place + 1) & (places.Length - 1))
        {
            if ((uint)(places[place] >> 32) != hash)
                continue;
            var offset = (int)(places[place] & uint.MaxValue) - 1;
            if (RawEntry.Read(octets[offset..]).Serial.SequenceEqual(serial.Bytes.Span)
                && IssuerAt(offset).Equals(certificateIssuer))
            {
                return entries.At(offset) with { CertificateIssuer = IssuerAt(offset) };
            }
        }
        return null;
    }

    private List<int> Walk()
    {
        var octets = entries.Octets.Span;
        var offsets = new List<int>(octets.Length / 32);
        for (var offset = 0; offset < octets.Length;)
        {
            offsets.Add(offset);
            var entry = RawEntry.Read(octets[offset..]);
            if (!entry.IsPlain || entries.Version == 1)
                Look(offset);
            offset += entry.Length;
        }
        return offsets;
    }

    private void Look(int offset)
    {
        var entry = entries.At(offset);
        HasUnknownCriticalExtension |= entry.HasUnknownCriticalExtension;
        if (entry.CertificateIssuer is { } named)
            issuers.Add((offset, named));
    }

    private void Place(int offset)
    {
        var hash = HashOf(RawEntry.Read(entries.Octets.Span[offset..]).Serial);
        var place = PlaceOf(hash);
        while (places[place] != 0)
            place = (place + 1) & (places.Length - 1);
        places[place] = ((ulong)hash << 32) | (uint)(offset + 1);
    }

    /// <summary>HashCode is seeded anew in each process, so nobody can choose serials that collide.</summary>
    private static uint HashOf(ReadOnlySpan<byte> serial)
    {
        HashCode hash = new();
        hash.AddBytes(serial);
        return unchecked((uint)hash.ToHashCode());
    }

    private int PlaceOf(uint hash) => (int)(hash & (uint)(places.Length - 1));

    private Name IssuerAt(int offset)
    {
        var low = 0;
        for (var high = issuers.Count; low < high;)
        {
            var middle = (low + high) / 2;
            if (issuers[middle].Offset <= offset)
                low = middle + 1;
            else
                high = middle;
        }
        return low == 0 ? issuer : issuers[low - 1].Issuer;
    }

    /// <summary>One entry's frame, looked at where it stands.</summary>
    private readonly ref struct RawEntry
    {
        private RawEntry(ReadOnlySpan<byte> serial, int length, bool isPlain)
        {
            Serial = serial;
            Length = length;
            IsPlain = isPlain;
        }

        public ReadOnlySpan<byte> Serial { get; }

        public int Length { get; }

        /// <summary>A serial, a whole-second UTC time and nothing else, or a plain reason and nothing else.</summary>
        public bool IsPlain { get; }

        public static RawEntry Read(ReadOnlySpan<byte> octets)
        {
            // Nearly every entry is short: SEQUENCE of less than 128 octets, INTEGER, UTCTime, perhaps a reason.
            if (octets is [0x30, < 0x80, 0x02, > 0 and < 0x80, ..])
            {
                var end = 2 + octets[1];
                var time = 4 + octets[3];
                if (end <= octets.Length && time + 15 <= end && IsShortest(octets[4..time])
                    && IsUtcTime(octets[time..(time + 15)]))
                {
                    return new(octets[4..time], end, IsReason(octets[(time + 15)..end]));
                }
            }
            return ReadUnusual(octets);
        }

        private static RawEntry ReadUnusual(ReadOnlySpan<byte> octets)
        {
            AsnDecoder.ReadSequence(octets, AsnEncodingRules.DER, out var start, out _, out var length);
            var serial = AsnDecoder.ReadIntegerBytes(octets[start..length], AsnEncodingRules.DER, out _);
            return new(serial, length, false);
        }

        private static bool IsShortest(ReadOnlySpan<byte> integer) =>
            integer is [_] or not ([0, < 0x80, ..] or [0xFF, >= 0x80, ..]);

        private static bool IsUtcTime(ReadOnlySpan<byte> time)
        {
            if (time is not [0x17, 13, .., (byte)'Z'] || time[2..14].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
                return false;
            return TwoDigits(time, 4) is >= 1 and <= 12 && TwoDigits(time, 6) is >= 1 and <= 28
                && TwoDigits(time, 8) < 24 && TwoDigits(time, 10) < 60 && TwoDigits(time, 12) < 60;
        }

        private static int TwoDigits(ReadOnlySpan<byte> text, int at) => (text[at] - '0') * 10 + text[at + 1] - '0';

        private static bool IsReason(ReadOnlySpan<byte> rest) => rest.IsEmpty
            || (rest.Length == EntryWriter.ReasonPrefix.Length + 1 && rest.StartsWith(EntryWriter.ReasonPrefix)
                && rest[^1] is <= 10 and not 7);
    }
}
