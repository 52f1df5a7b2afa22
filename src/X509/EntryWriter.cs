using System.Diagnostics;
using System.Globalization;

namespace Jpki.X509;

/// <summary>Writes one CRL entry: serial, revocation date, and the reason if there is one (RFC 5280 5.1.2.6).</summary>
internal static class EntryWriter
{
    private const byte Sequence = 0x30;
    private const byte Integer = 0x02;
    private const byte UtcTime = 0x17;
    private const byte GeneralizedTime = 0x18;

    /// <summary>crlEntryExtensions with one reasonCode, up to its last octet: the code itself.</summary>
    public static ReadOnlySpan<byte> ReasonPrefix =>
        [0x30, 0x0C, 0x30, 0x0A, 0x06, 0x03, 0x55, 0x1D, 0x15, 0x04, 0x03, 0x0A, 0x01];

    public static int Measure(in RevokedEntry entry) => (int)DerSpan.MeasureValue(MeasureContents(entry));

    public static void Write(ref DerSpan writer, in RevokedEntry entry)
    {
        if (!entry.Serial.IsWritable)
            throw new InvalidOperationException("a CRL entry needs a positive serial of at most 20 octets");
        writer.WriteHeader(Sequence, MeasureContents(entry));
        writer.WriteHeader(Integer, entry.Serial.Bytes.Length);
        writer.Write(entry.Serial.Bytes.Span);
        WriteTime(ref writer, entry.RevokedAt.UtcDateTime);
        if (entry.ReasonCode is { } reason)
            WriteReason(ref writer, reason);
    }

    private static int MeasureContents(in RevokedEntry entry) =>
        2 + entry.Serial.Bytes.Length
        + 2 + TimeLength(entry.RevokedAt.UtcDateTime)
        + (entry.ReasonCode is null ? 0 : ReasonPrefix.Length + 1);

    private static int TimeLength(DateTime utc) =>
        utc.Year <= Der.LastYearOfUtcTime ? Der.UtcTimeOctets : Der.GeneralizedTimeOctets;

    private static void WriteTime(ref DerSpan writer, DateTime utc)
    {
        var length = TimeLength(utc);
        var isUtcTime = length == Der.UtcTimeOctets;
        writer.WriteHeader(isUtcTime ? UtcTime : GeneralizedTime, length);
        Span<byte> text = stackalloc byte[length];
        var isWritten = utc.TryFormat(text, out _, isUtcTime ? "yyMMddHHmmss'Z'" : "yyyyMMddHHmmss'Z'",
            CultureInfo.InvariantCulture);
        Debug.Assert(isWritten, "the formats are as long as their constants say");
        writer.Write(text);
    }

    private static void WriteReason(ref DerSpan writer, int reason)
    {
        if (reason == 0 || !Enum.IsDefined((CrlReason)reason))
            throw new InvalidOperationException("not a reason that a CRL entry gives");
        writer.Write(ReasonPrefix);
        writer.Write([(byte)reason]);
    }
}
