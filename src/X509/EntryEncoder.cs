using System.Runtime.CompilerServices;

namespace Jpki.X509;

/// <summary>
/// Writes CRL entries into one piece of memory, again and again. What <see cref="EntryWriter"/> does for one, at the
/// speed that a million need: revocations come in days, and a day is written out once.
/// </summary>
internal struct EntryEncoder(byte[] octets)
{
    /// <summary>20 octets of serial number, a GeneralizedTime, a reason, and headers.</summary>
    public const int LongestEntry = 64;

    private const int Plain = 15;                             // A UTCTime with its header.

    private readonly byte[] octets = octets;
    private readonly byte[] dayText = new byte[6];
    private long day = long.MinValue;

    public int Written { get; private set; }

    public readonly int Room => octets.Length - Written;

    public void Restart() => Written = 0;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Write(in RevokedEntry entry)
    {
        var serial = entry.Serial.Bytes.Span;
        var isPlain = entry.ReasonCode is >= 1 and <= 6 && serial.Length is > 0 and <= SerialNumber.MaxOctets
            && entry.RevokedAt.UtcTicks is >= FirstUtcTime and < AfterUtcTime && entry.Serial.IsWritable;
        if (!isPlain)
        {
            WriteSlowly(entry);
            return;
        }
        var room = octets.AsSpan(Written, LongestEntry);
        var reason = EntryWriter.ReasonPrefix;
        room[0] = 0x30;
        room[1] = (byte)(2 + serial.Length + Plain + reason.Length + 1);
        room[2] = 0x02;
        room[3] = (byte)serial.Length;
        serial.CopyTo(room[4..]);
        room = room[(4 + serial.Length)..];
        WriteTime(room, entry.RevokedAt.UtcTicks / TimeSpan.TicksPerSecond);
        reason.CopyTo(room[Plain..]);
        room[Plain + reason.Length] = (byte)entry.ReasonCode.GetValueOrDefault();
        Written += 4 + serial.Length + Plain + reason.Length + 1;
    }

    private const long FirstUtcTime = 615_675_168_000_000_000; // 1952
    private const long AfterUtcTime = 646_602_048_000_000_000; // 2050

    private void WriteTime(Span<byte> room, long seconds)
    {
        var (thisDay, second) = Math.DivRem(seconds, 86400);
        if (thisDay != day)
            BeginDay(thisDay);
        room[0] = 0x17;
        room[1] = 13;
        dayText.CopyTo(room[2..]);
        var (hour, rest) = Math.DivRem((int)second, 3600);
        var (minute, last) = Math.DivRem(rest, 60);
        WriteTwo(room[8..], hour);
        WriteTwo(room[10..], minute);
        WriteTwo(room[12..], last);
        room[14] = (byte)'Z';
    }

    private void BeginDay(long newDay)
    {
        DateTime date = new(newDay * TimeSpan.TicksPerDay, DateTimeKind.Utc);
        WriteTwo(dayText, date.Year % 100);
        WriteTwo(dayText.AsSpan(2), date.Month);
        WriteTwo(dayText.AsSpan(4), date.Day);
        day = newDay;
    }

    private static void WriteTwo(Span<byte> room, int number)
    {
        var tens = number / 10;
        room[1] = (byte)('0' + number - 10 * tens);
        room[0] = (byte)('0' + tens);
    }

    private void WriteSlowly(in RevokedEntry entry)
    {
        DerSpan writer = new(octets.AsSpan(Written));
        EntryWriter.Write(ref writer, entry);
        Written += writer.Written;
    }
}
