using Jpki.Cps;
using Jpki.X509;

namespace Jpki.Ocsp;

/// <summary>What the node knows of one certificate. 有効、失効、不明の別、失効事由 (CPS 4-4-4-2)</summary>
internal readonly record struct CertificateStatus(
    CertStatus Status, RevocationReason? Reason, DateTimeOffset? RevokedAt)
{
    public static readonly CertificateStatus Unknown = new(CertStatus.Unknown, null, null);
    public static readonly CertificateStatus Good = new(CertStatus.Good, null, null);
}

/// <summary>
/// 4096 certificates in 2 bits each, and 8 bytes for each one revoked. One thread writes; any number read, without a
/// lock.
/// </summary>
internal sealed class StatusPage
{
    public const int Certificates = 1 << OffsetBits;

    private const int OffsetBits = 12;
    private const int TimeBits = 37;
    private const int ReasonBits = 3;
    private const int OffsetShift = TimeBits + ReasonBits;
    private const int IssuedBits = 0b01;
    private const int RevokedBits = 0b10;

    private readonly byte[] bits = new byte[Certificates / 4];
    private volatile RevokedList revoked = RevokedList.Empty;

    public CertificateStatus Find(int offset) => Bits(offset) switch
    {
        0 => CertificateStatus.Unknown,
        IssuedBits => CertificateStatus.Good,
        _ => Unpack(revoked.Find((ulong)offset << OffsetShift)),
    };

    public void Issue(int offset)
    {
        if (Bits(offset) == 0)
            Mark(offset, IssuedBits);
    }

    /// <summary>Once revoked, always revoked, and always as it was first told. (CPS 4-4-2-4)</summary>
    public void Revoke(int offset, RevocationReason reason, DateTimeOffset at)
    {
        if ((Bits(offset) & RevokedBits) != 0)
            return;
        // The details come first: whoever sees the bits must find them.
        revoked = revoked.With(Pack(offset, reason, at));
        Mark(offset, RevokedBits);
    }

    private int Bits(int offset) => (Volatile.Read(ref bits[offset >> 2]) >> Shift(offset)) & 0b11;

    private void Mark(int offset, int mark) =>
        Volatile.Write(ref bits[offset >> 2], (byte)(bits[offset >> 2] | (mark << Shift(offset))));

    private static int Shift(int offset) => (offset & 3) * 2;

    private static ulong Pack(int offset, RevocationReason reason, DateTimeOffset at)
    {
        var seconds = at.ToUnixTimeSeconds();
        if (seconds is < 0 or >= 1L << TimeBits)
            throw new FormatException("status feed: a revocation at no time of this calendar");
        return ((ulong)offset << OffsetShift) | ((ulong)reason << TimeBits) | (ulong)seconds;
    }

    private static CertificateStatus Unpack(ulong entry) => new(
        CertStatus.Revoked,
        (RevocationReason)((entry >> TimeBits) & ((1 << ReasonBits) - 1)),
        DateTimeOffset.FromUnixTimeSeconds((long)(entry & ((1UL << TimeBits) - 1))));

    /// <summary>Ascending entries. The last one may be added in place; anything else makes a new list.</summary>
    private sealed class RevokedList(ulong[] entries, int count)
    {
        public static readonly RevokedList Empty = new([], 0);

        private volatile int count = count;

        /// <summary>The first entry not below <paramref name="key"/>.</summary>
        public ulong Find(ulong key)
        {
            var index = entries.AsSpan(0, count).BinarySearch(key);
            return entries[index < 0 ? ~index : index];
        }

        public RevokedList With(ulong entry)
        {
            var isLast = count == 0 || entry > entries[count - 1];
            if (isLast && count < entries.Length)
            {
                entries[count] = entry;
                count++;
                return this;
            }
            var at = isLast ? count : ~entries.AsSpan(0, count).BinarySearch(entry);
            var grown = new ulong[count < entries.Length ? entries.Length : Math.Max(4, entries.Length * 2)];
            entries.AsSpan(0, at).CopyTo(grown);
            grown[at] = entry;
            entries.AsSpan(at, count - at).CopyTo(grown.AsSpan(at + 1));
            return new(grown, count + 1);
        }
    }
}
