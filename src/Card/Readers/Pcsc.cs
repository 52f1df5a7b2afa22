using System.Runtime.InteropServices;

namespace Jpki.Card.Readers;

/// <summary>
/// The functions of winscard.h as libpcsclite has them on 64-bit Linux: there DWORD, LONG and the handles are as long
/// as a pointer, unlike on Windows. Of a LONG only the lower four octets say something.
/// </summary>
internal static class Pcsc
{
    private const string Library = "libpcsclite.so.1";

    public const uint Success = 0;
    public const uint NoSmartcard = 0x8010000C;
    public const uint NotTransacted = 0x80100016;
    public const uint NoService = 0x8010001D;
    public const uint NoReaders = 0x8010002E;
    public const uint ResetCard = 0x80100068;
    public const uint RemovedCard = 0x80100069;

    public const nuint ScopeSystem = 2;
    public const nuint ShareShared = 2;
    public const nuint ProtocolT0 = 1;
    public const nuint ProtocolT1 = 2;
    public const nuint LeaveCard = 0;
    public const nuint ResetOnLeave = 1;

    [DllImport(Library, EntryPoint = "SCardEstablishContext")]
    public static extern nint EstablishContext(nuint scope, nint reserved1, nint reserved2, out nint context);

    [DllImport(Library, EntryPoint = "SCardReleaseContext")]
    public static extern nint ReleaseContext(nint context);

    [DllImport(Library, EntryPoint = "SCardListReaders")]
    public static extern nint ListReaders(nint context, nint groups, [Out] byte[]? readers, ref nuint length);

    [DllImport(Library, EntryPoint = "SCardConnect")]
    public static extern nint Connect(
        nint context, [MarshalAs(UnmanagedType.LPUTF8Str)] string reader, nuint shareMode, nuint protocols,
        out nint card, out nuint protocol);

    [DllImport(Library, EntryPoint = "SCardDisconnect")]
    public static extern nint Disconnect(nint card, nuint disposition);

    [DllImport(Library, EntryPoint = "SCardBeginTransaction")]
    public static extern nint BeginTransaction(nint card);

    [DllImport(Library, EntryPoint = "SCardEndTransaction")]
    public static extern nint EndTransaction(nint card, nuint disposition);

    [DllImport(Library, EntryPoint = "SCardTransmit")]
    public static extern nint Transmit(
        nint card, in IoRequest send, byte[] command, nuint commandLength, nint receive,
        [Out] byte[] answer, ref nuint answerLength);

    [DllImport(Library, EntryPoint = "pcsc_stringify_error")]
    private static extern nint Stringify(nint error);

    public static string Explain(uint error) =>
        Marshal.PtrToStringUTF8(Stringify((nint)error)) ?? $"{error:X8}";

    /// <summary>SCARD_IO_REQUEST</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct IoRequest
    {
        public nuint Protocol;
        public nuint Length;
    }
}
