using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace Jpki.Repository;

/// <summary>
/// Writes answers into a connection's pipe; nothing leaves before the pipe is flushed. (RFC 4511 4.1.9, 4.5.2)
/// </summary>
internal sealed class Replies(PipeWriter output)
{
    private const byte ControlsTag = 0xA0;

    private readonly List<byte[]> parts = [];

    /// <summary>Octets written since the last flush.</summary>
    internal int Unflushed { get; private set; }

    internal async ValueTask Flush()
    {
        Unflushed = 0;
        await output.FlushAsync();
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

    /// <summary>SearchResultEntry with those attributes, which are encoded already.</summary>
    internal void Entry(int id, Entry entry, ReadOnlySpan<StoredAttribute> attributes, bool typesOnly)
    {
        parts.Clear();
        var list = 0;
        foreach (var attribute in attributes)
        {
            parts.Add(typesOnly ? attribute.EncodedType : attribute.Encoded);
            list += parts[^1].Length;
        }
        var content = entry.EncodedName.Length + Ber.Size(list);
        var message = Ber.IntegerSize(id) + Ber.Size(content);
        var span = output.GetSpan((4 * Ber.MaxHeader) + entry.EncodedName.Length);
        var at = WriteStart(span, message, id, Op.SearchResultEntry, content);
        entry.EncodedName.CopyTo(span[at..]);
        at += entry.EncodedName.Length;
        at += Ber.WriteHeader(span[at..], Ber.Sequence, list);
        Advance(at);
        foreach (var part in parts)
        {
            output.Write(part);
            Unflushed += part.Length;
        }
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
