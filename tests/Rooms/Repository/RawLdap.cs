using System.Net.Sockets;
using System.Text;
using Jpki.Repository;

namespace Jpki.Tests.Rooms.Repository;

/// <summary>A caller who sends whatever octets a test likes, and reads whole messages back.</summary>
internal sealed class RawLdap : IAsyncDisposable
{
    internal static readonly byte[] All = Ber.Element(0x87, "objectClass"u8.ToArray());

    private readonly TcpClient client = new();
    private readonly CancellationTokenSource late = new(TimeSpan.FromSeconds(20));

    private NetworkStream Stream => client.GetStream();

    internal static async Task<RawLdap> Connect(DirectoryRoom room)
    {
        RawLdap raw = new();
        await raw.client.ConnectAsync("127.0.0.1", room.LdapPort);
        return raw;
    }

    internal async Task Send(params byte[][] messages) =>
        await Stream.WriteAsync(messages.SelectMany(m => m).ToArray(), late.Token);

    /// <summary>The next message: its id, the tag of its operation, its result code where it is a result.</summary>
    internal async Task<(int Id, byte Op, int Code)> Receive()
    {
        var message = await ReceiveOctets();
        BerReader reader = new(message);
        var envelope = reader.Enter(Ber.Sequence);
        var id = envelope.ReadNumber(Ber.Integer);
        var op = envelope.Tag;
        var content = envelope.Enter(op);
        return (id, op, op == Op.SearchResultEntry ? -1 : content.ReadNumber(Ber.Enumerated));
    }

    /// <summary>The result of the next operation, entries passed over.</summary>
    internal async Task<(int Id, byte Op, int Code)> ReceiveResult()
    {
        while (true)
        {
            if (await Receive() is { Code: >= 0 } result)
                return result;
        }
    }

    /// <summary>Whether the server has closed the connection.</summary>
    internal async Task<bool> IsClosed()
    {
        try
        {
            return await Stream.ReadAsync(new byte[1], late.Token) == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    internal static byte[] Message(int id, byte[] operation, byte[]? controls = null) =>
        Ber.Element(Ber.Sequence, Number(Ber.Integer, id), operation, controls ?? []);

    internal static byte[] Search(int id, string start, byte[] filter, int scope = 2, params string[] attributes) =>
        Message(id, Ber.Element(Op.SearchRequest, Text(start), Number(Ber.Enumerated, scope), Number(Ber.Enumerated, 0),
            Number(Ber.Integer, 0), Number(Ber.Integer, 0), [Ber.Boolean, 1, 0], filter,
            Ber.Element(Ber.Sequence, [.. attributes.Select(Text)])));

    internal static byte[] Extended(int id, string name) =>
        Message(id, Ber.Element(Op.ExtendedRequest, Ber.Element(0x80, Encoding.ASCII.GetBytes(name))));

    internal static byte[] Text(string text) => Ber.Element(Ber.OctetString, Encoding.UTF8.GetBytes(text));

    internal static byte[] Number(byte tag, int value)
    {
        Span<byte> span = stackalloc byte[8];
        return span[..Ber.WriteInteger(span, tag, value)].ToArray();
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        late.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<byte[]> ReceiveOctets()
    {
        var start = new byte[2];
        await Stream.ReadExactlyAsync(start, late.Token);
        var octets = start[1] < 0x80 ? 0 : start[1] & 0x7F;
        var header = new byte[2 + octets];
        start.CopyTo(header, 0);
        await Stream.ReadExactlyAsync(header.AsMemory(2), late.Token);
        BerReader.TryReadHeader(header, out _, out var length);
        var content = new byte[length];
        await Stream.ReadExactlyAsync(content, late.Token);
        return [.. header, .. content];
    }
}
