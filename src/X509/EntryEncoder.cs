namespace Jpki.X509;

/// <summary>
/// Writes CRL entries into one piece of memory, again and again. What <see cref="EntryWriter"/> does for one, at the
/// speed that a million need: revocations come in days, and a day is written out once.
/// </summary>
internal struct EntryEncoder(byte[] octets)
{
    /// <summary>20 octets of serial number, a GeneralizedTime, a reason, and headers.</summary>
    public const int LongestEntry = 64;

    private const int TimeLength = Der.UtcTimeOctets + 2;
    private const int ReasonLength = 14;
    private const int UsualSerial = 16;
    private const long FirstUtcTime = 615_675_168_000_000_000; // 1952
    private const long AfterUtcTime = 646_602_048_000_000_000; // 2050

    private readonly byte[] octets = octets;
    private readonly byte[] dayText = new byte[8];
    private long day = long.MinValue;

    public int Written { get; private set; }

    public readonly int Room => octets.Length - Written;

    public void Write(in RevokedEntry entry)
    {
        var serial = entry.Serial.Bytes.Span;
        var ticks = entry.RevokedAt.UtcTicks;
        var reason = entry.ReasonCode.GetValueOrDefault();
        var isPlain = reason is >= 1 and <= 6 && serial is [> 0 and < 0x80, ..]
            && serial.Length <= SerialNumber.MaxOctets && ticks is >= FirstUtcTime and < AfterUtcTime;
        if (!isPlain)
        {
            WriteSlowly(entry);
            return;
        }
        var room = octets.AsSpan(Written, LongestEntry);
        room[0] = 0x30;
        room[1] = (byte)(2 + serial.Length + TimeLength + ReasonLength);
        room[2] = 0x02;
        room[3] = (byte)serial.Length;
        if (serial.Length == UsualSerial)
            serial[..UsualSerial].CopyTo(room[4..]);          // A length known beforehand is copied in one go.
        else
            serial.CopyTo(room[4..]);
        room = room.Slice(4 + serial.Length, TimeLength + ReasonLength);
        WriteTime(room, ticks / TimeSpan.TicksPerSecond);
        EntryWriter.ReasonPrefix.CopyTo(room[TimeLength..]);
        room[^1] = (byte)reason;
        Written += 4 + serial.Length + TimeLength + ReasonLength;
    }

    private void WriteTime(Span<byte> room, long seconds)
    {
        var (thisDay, second) = Math.DivRem(seconds, 86400);
        if (thisDay != day)
            BeginDay(thisDay);
        dayText.AsSpan(0, 8).CopyTo(room);
        var (minutes, last) = Math.DivRem((uint)second, 60);
        var (hour, minute) = Math.DivRem(minutes, 60);
        WriteTwo(room[8..], hour);
        WriteTwo(room[10..], minute);
        WriteTwo(room[12..], last);
        room[14] = (byte)'Z';
    }

    /// <summary>Tag, length and date of a UTCTime.</summary>
    private void BeginDay(long newDay)
    {
        DateTime date = new(newDay * TimeSpan.TicksPerDay, DateTimeKind.Utc);
        (dayText[0], dayText[1]) = (0x17, Der.UtcTimeOctets);
        WriteTwo(dayText.AsSpan(2), (uint)date.Year % 100);
        WriteTwo(dayText.AsSpan(4), (uint)date.Month);
        WriteTwo(dayText.AsSpan(6), (uint)date.Day);
        day = newDay;
    }

    private static void WriteTwo(Span<byte> room, uint number)
    {
        var (tens, ones) = Math.DivRem(number, 10);
        room[1] = (byte)('0' + ones);
        room[0] = (byte)('0' + tens);
    }

    private void WriteSlowly(in RevokedEntry entry)
    {
        DerSpan writer = new(octets.AsSpan(Written));
        EntryWriter.Write(ref writer, entry);
        Written += writer.Written;
    }
}
