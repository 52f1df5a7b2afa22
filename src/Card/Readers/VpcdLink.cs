using System.Buffers.Binary;
using System.Net.Sockets;

namespace Jpki.Card.Readers;

/// <summary>
/// A card in the virtual reader of Debian's vsmartcard-vpcd: it connects to vpcd and answers. Messages are a length of
/// two octets, the most significant first, and as many octets; those of one octet are about the power.
/// </summary>
/// <param name="stream">The connection.</param>
/// <param name="card">The card.</param>
/// <param name="beforeRead">Done before each reading.</param>
public sealed class VpcdLink(Stream stream, VirtualReader card, Action? beforeRead = null)
{
    public const int DefaultPort = 35963;

    private const byte PowerOff = 0;
    private const byte PowerOn = 1;
    private const byte Reset = 2;
    private const byte AskAnswerToReset = 4;

    /// <summary>Linux: IPPROTO_TCP and TCP_QUICKACK.</summary>
    private const int Tcp = 6, QuickAck = 12;

    /// <summary>Connects; the link owns nothing of what it is given.</summary>
    public static VpcdLink Over(NetworkStream stream, VirtualReader card) =>
        new(stream, card, () => AcknowledgeAtOnce(stream.Socket));

    /// <summary>
    /// Answers one message. Vpcd says something at least once a second, so silence means that it serves another card.
    /// </summary>
    /// <returns>False when vpcd has closed the connection.</returns>
    public async Task<bool> AnswerOne(CancellationToken stop)
    {
        var length = new byte[sizeof(ushort)];
        if (!await TryRead(length, stop))
            return false;
        var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        if (!await TryRead(message, stop))
            return false;
        if (Answer(message) is not { } answer)
            return true;
        var framed = new byte[sizeof(ushort) + answer.Length];
        BinaryPrimitives.WriteUInt16BigEndian(framed, checked((ushort)answer.Length));
        answer.CopyTo(framed, sizeof(ushort));
        await stream.WriteAsync(framed, stop);
        return true;
    }

    /// <summary>Null where vpcd waits for nothing.</summary>
    private byte[]? Answer(byte[] message)
    {
        switch (message)
        {
            case []:
                return null;
            case [PowerOff or PowerOn or Reset]:
                card.Reset();
                return null;
            case [AskAnswerToReset]:
                return CardApplication.AnswerToReset.ToArray();
            case [_]:
                return null;
            default:
                return card.Transmit(message);
        }
    }

    private async Task<bool> TryRead(byte[] buffer, CancellationToken stop)
    {
        for (var read = 0; read < buffer.Length;)
        {
            beforeRead?.Invoke();
            var more = await stream.ReadAsync(buffer.AsMemory(read), stop);
            if (more == 0)
                return false;
            read += more;
        }
        return true;
    }

    /// <summary>
    /// Vpcd sends length and body apart, and waits for the first to be acknowledged: without this 40 ms a command. The
    /// kernel forgets it after each reading.
    /// </summary>
    private static void AcknowledgeAtOnce(Socket socket) =>
        socket.SetRawSocketOption(Tcp, QuickAck, [1, 0, 0, 0]);
}
