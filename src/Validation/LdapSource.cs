using System.Formats.Asn1;
using System.Net.Sockets;
using System.Text;

namespace Jpki.Validation;

/// <summary>
/// Certificates, cross certificate pairs and CRLs of one directory entry, by anonymous LDAPv3 search (RFC 4511, RFC
/// 4516, RFC 4523).
/// </summary>
internal sealed class LdapSource : ISource
{
    private const int DefaultPort = 389;
    private const int MessageId = 1;
    private const int MaxHeader = 6;
    private const int TimeLimitSeconds = 5;

    private static readonly Asn1Tag SearchRequest = new(TagClass.Application, 3, isConstructed: true);
    private static readonly Asn1Tag SearchResultEntry = new(TagClass.Application, 4, isConstructed: true);
    private static readonly Asn1Tag SearchResultDone = new(TagClass.Application, 5, isConstructed: true);
    private static readonly Asn1Tag Present = new(TagClass.ContextSpecific, 7);

    public bool Serves(Uri place) => place.Scheme == "ldap";

    public async Task<IReadOnlyList<ReadOnlyMemory<byte>>> Fetch(Uri place, int maxOctets, CancellationToken stop)
    {
        using TcpClient connection = new();
        await connection.ConnectAsync(place.Host, place.Port > 0 ? place.Port : DefaultPort, stop);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(Search(place), stop);
        List<ReadOnlyMemory<byte>> values = [];
        try
        {
            while (!Read(await ReadMessage(stream, maxOctets, stop), values))
                maxOctets -= values.Sum(v => v.Length);
        }
        catch (AsnContentException e)
        {
            throw new IOException($"{place.Host} does not speak LDAP: {e.Message}", e);
        }
        return values;
    }

    /// <summary>SearchRequest: the entry itself, whatever it is, and the attributes that the address names.</summary>
    private static byte[] Search(Uri place)
    {
        var query = place.Query.TrimStart('?').Split('?')[0];
        AsnWriter writer = new(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(MessageId);
            using (writer.PushSequence(SearchRequest))
            {
                writer.WriteOctetString(
                    Encoding.UTF8.GetBytes(Uri.UnescapeDataString(place.AbsolutePath.TrimStart('/'))));
                writer.WriteEncodedValue([0x0A, 1, 0]);                  // scope: baseObject
                writer.WriteEncodedValue([0x0A, 1, 0]);                  // derefAliases: never
                writer.WriteInteger(1);
                writer.WriteInteger(TimeLimitSeconds);
                writer.WriteBoolean(false);
                writer.WriteOctetString("objectClass"u8, Present);
                using (writer.PushSequence())
                {
                    foreach (var attribute in query.Split(',', StringSplitOptions.RemoveEmptyEntries))
                        writer.WriteOctetString(Encoding.ASCII.GetBytes(attribute));
                }
            }
        }
        return writer.Encode();
    }

    /// <summary>One LDAPMessage, of a definite length.</summary>
    private static async Task<byte[]> ReadMessage(NetworkStream stream, int maxOctets, CancellationToken stop)
    {
        var header = new byte[MaxHeader];
        await stream.ReadExactlyAsync(header.AsMemory(0, 2), stop);
        var more = header[1] > 0x80 ? header[1] - 0x80 : 0;
        if (header[1] == 0x80 || more > MaxHeader - 2)
            throw new AsnContentException("a message of no reasonable length");
        await stream.ReadExactlyAsync(header.AsMemory(2, more), stop);
        long length = more == 0 ? header[1] : 0;
        for (var i = 0; i < more; i++)
            length = (length << 8) | header[2 + i];
        if (length > maxOctets)
            throw new IOException($"more than {maxOctets} octets");
        var message = new byte[2 + more + (int)length];
        header.AsSpan(0, 2 + more).CopyTo(message);
        await stream.ReadExactlyAsync(message.AsMemory(2 + more), stop);
        return message;
    }

    /// <summary>True at the end of the search; referrals are not followed.</summary>
    private static bool Read(ReadOnlyMemory<byte> message, List<ReadOnlyMemory<byte>> values)
    {
        var fields = new AsnReader(message, AsnEncodingRules.BER).ReadSequence();
        fields.ReadInteger();
        if (fields.PeekTag() == SearchResultDone)
            return true;
        if (fields.PeekTag() != SearchResultEntry)
            return false;
        var entry = fields.ReadSequence(SearchResultEntry);
        entry.ReadOctetString();
        var attributes = entry.ReadSequence();
        while (attributes.HasData)
        {
            var attribute = attributes.ReadSequence();
            attribute.ReadOctetString();
            var set = attribute.ReadSetOf(skipSortOrderValidation: true);
            while (set.HasData)
                values.Add(set.ReadOctetString());
        }
        return false;
    }
}
