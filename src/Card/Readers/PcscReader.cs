using System.Runtime.CompilerServices;
using System.Text;

namespace Jpki.Card.Readers;

/// <summary>A card in a reader that PC/SC knows, real or virtual, through libpcsclite. PC/SC リーダー</summary>
public sealed class PcscReader : ICardReader
{
    /// <summary>An extended answer and its status word.</summary>
    private const int LongestAnswer = 65536 + 2;

    private readonly byte[] answer = new byte[LongestAnswer];
    private readonly nint context;
    private readonly nint card;
    private readonly Pcsc.IoRequest protocol;
    private bool isWell = true;

    private PcscReader(nint context, nint card, nuint protocol)
    {
        this.context = context;
        this.card = card;
        this.protocol = new() { Protocol = protocol, Length = (nuint)Unsafe.SizeOf<Pcsc.IoRequest>() };
    }

    /// <summary>The names of all readers, with or without a card.</summary>
    /// <exception cref="CardException">There is no PC/SC service.</exception>
    public static IReadOnlyList<string> Names()
    {
        var context = Establish();
        try
        {
            return Names(context);
        }
        finally
        {
            _ = Pcsc.ReleaseContext(context);
        }
    }

    /// <summary>Takes the card in the reader of that name for itself until it is disposed of.</summary>
    /// <exception cref="CardException">No such service, reader or card; it says what to do.</exception>
    public static PcscReader Open(string name)
    {
        var context = Establish();
        try
        {
            if (!Names(context).Contains(name))
                throw NoSuchReader(name, Names(context));
            Check(Pcsc.Connect(context, name, Pcsc.ShareShared, Pcsc.ProtocolT0 | Pcsc.ProtocolT1,
                out var card, out var protocol));
            Check(Pcsc.BeginTransaction(card));
            return new(context, card, protocol);
        }
        catch
        {
            _ = Pcsc.ReleaseContext(context);
            throw;
        }
    }

    public byte[] Transmit(ReadOnlySpan<byte> command)
    {
        var length = (nuint)answer.Length;
        isWell = false;
        Check(Pcsc.Transmit(card, protocol, command.ToArray(), (nuint)command.Length, 0, answer, ref length));
        isWell = true;
        return answer[..(int)length];
    }

    public void Dispose()
    {
        _ = Pcsc.EndTransaction(card, Pcsc.LeaveCard);
        // So that the card forgets. pcscd takes no new card for a while when it could not reset the one that is gone.
        _ = Pcsc.Disconnect(card, isWell ? Pcsc.ResetOnLeave : Pcsc.LeaveCard);
        _ = Pcsc.ReleaseContext(context);
    }

    private static nint Establish()
    {
        try
        {
            Check(Pcsc.EstablishContext(Pcsc.ScopeSystem, 0, 0, out var context));
            return context;
        }
        catch (DllNotFoundException e)
        {
            throw new CardException(
                "libpcsclite がありません / libpcsclite is missing; run: apt-get install libpcsclite1 pcscd", e);
        }
    }

    private static string[] Names(nint context)
    {
        nuint length = 0;
        var found = Pcsc.ListReaders(context, 0, null, ref length);
        if (unchecked((uint)found) == Pcsc.NoReaders)
            return [];
        Check(found);
        var names = new byte[length];
        Check(Pcsc.ListReaders(context, 0, names, ref length));
        return Encoding.UTF8.GetString(names).Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }

    private static CardException NoSuchReader(string name, string[] names) => new(names.Length == 0
        ? "カードリーダーがありません / there is no card reader; connect one, and see that pcscd runs"
        : $"「{name}」というリーダーはありません / no reader {name}; there are: {string.Join(", ", names)}");

    private static void Check(nint returned)
    {
        var result = unchecked((uint)returned);
        if (result == Pcsc.Success)
            return;
        throw result switch
        {
            Pcsc.NoSmartcard or Pcsc.NotTransacted or Pcsc.RemovedCard or Pcsc.ResetCard =>
                new CardRemovedException($"カードがリーダーにありません / no card: {Pcsc.Explain(result)}"),
            Pcsc.NoService => new CardException(
                "PC/SC サービスが動いていません / the PC/SC service does not run; start it: pcscd"),
            _ => new CardException($"PC/SC: {Pcsc.Explain(result)} ({result:X8})"),
        };
    }
}
