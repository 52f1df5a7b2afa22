using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace Jpki.Repository;

/// <summary>
/// Writes answers into a connection's pipe; nothing leaves before the pipe is flushed. (RFC 4511 4.1.9, 4.5.2)
/// </summary>
internal sealed class Replies(PipeWriter output, Patience patience)
{
    private const byte ControlsTag = 0xA0;

    /// <summary>As many as a piece of a pipe has at least.</summary>
    private const int SomeOctets = 4096;

    /// <summary>Octets written since the last flush.</summary>
    internal int Unflushed { get; private set; }

    internal async ValueTask Flush()
    {
        Unflushed = 0;
        patience.BeginWriting();
        await output.FlushAsync();
        patience.EndWriting();
    }

    /// <summary>A response that is an LDAPResult, with whatever elements the operation has after it.</summary>
    internal void Done(int id, byte op, LdapResult result, byte[]? tail = null, byte[]? controls = null)
    {
        var (matched, diagnostic) =
            (Encoding.UTF8.GetBytes(result.MatchedDn), Encoding.UTF8.GetBytes(result.Diagnostic));
        var content = 3 + Ber.Size(matched.Length) + Ber.Size(diagnostic.Length) + (tail?.Length ?? 0);
        var message = Ber.IntegerSize(id) + Ber.Size(content) + (controls?.Length ?? 0);
        var span = output.GetSpan(Ber.Size(message));
        var at = WriteStart(span, message, id, op, content);
        at += Ber.WriteInteger(span[at..], Ber.Enumerated, (int)result.Code);
        at += Ber.WriteOctets(span[at..], Ber.OctetString, matched);
        at += Ber.WriteOctets(span[at..], Ber.OctetString, diagnostic);
        tail?.CopyTo(span[at..]);
        at += tail?.Length ?? 0;
        controls?.CopyTo(span[at..]);
        Advance(at + (controls?.Length ?? 0));
    }

    /// <summary>
    /// The beginning of a SearchResultEntry; its attributes follow, which are encoded already, that many octets in all.
    /// </summary>
    internal void BeginEntry(int id, Entry entry, int attributes)
    {
        var content = entry.EncodedName.Length + Ber.Size(attributes);
        var message = Ber.IntegerSize(id) + Ber.Size(content);
        var span = output.GetSpan((4 * Ber.MaxHeader) + entry.EncodedName.Length);
        var at = WriteStart(span, message, id, Op.SearchResultEntry, content);
        entry.EncodedName.CopyTo(span[at..]);
        at += entry.EncodedName.Length;
        at += Ber.WriteHeader(span[at..], Ber.Sequence, attributes);
        Advance(at);
    }

    internal void Write(ReadOnlySpan<byte> octets)
    {
        output.Write(octets);
        Unflushed += octets.Length;
    }

    /// <summary>Some of the octets from there on; how many.</summary>
    internal int WriteSome(StoredOctets octets, int offset)
    {
        var written = octets.Read(offset, output.GetSpan(SomeOctets));
        Advance(written);
        return written;
    }

    /// <summary>The server's last word on a connection. (RFC 4511 4.4.1)</summary>
    internal void NoticeOfDisconnection(LdapResult result) => Done(0, Op.ExtendedResponse, result,
        Ber.Element(0x8A, Encoding.ASCII.GetBytes(LdapOids.NoticeOfDisconnection)));

    /// <summary>The controls of a response, holding the paged results control. (RFC 2696)</summary>
    internal static byte[] PagedResults(byte[] cookie)
    {
        var value = Ber.Element(Ber.Sequence, [Ber.Integer, 1, 0], Ber.Element(Ber.OctetString, cookie));
        return Ber.Element(ControlsTag, Ber.Element(Ber.Sequence,
            Ber.Element(Ber.OctetString, Encoding.ASCII.GetBytes(LdapOids.PagedResults)),
            Ber.Element(Ber.OctetString, value)));
    }

    private static int WriteStart(Span<byte> span, int message, int id, byte op, int content)
    {
        var at = Ber.WriteHeader(span, Ber.Sequence, message);
        at += Ber.WriteInteger(span[at..], Ber.Integer, id);
        return at + Ber.WriteHeader(span[at..], op, content);
    }

    private void Advance(int octets)
    {
        output.Advance(octets);
        Unflushed += octets;
    }
}
