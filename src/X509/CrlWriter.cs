namespace Jpki.X509;

/// <summary>
/// Writes a whole CRL into one buffer, front to back, at a cost linear in its entries. AsnWriter would copy what it has
/// each time it grows and each time a SEQUENCE closes.
/// </summary>
internal sealed class CrlWriter(SignatureAlgorithm algorithm, byte[] head, byte[] tail)
{
    private const byte Sequence = 0x30;
    private const byte BitString = 0x03;

    /// <summary>Enough for an AlgorithmIdentifier and the signature of the largest key.</summary>
    private const int TrailerRoom = 4096;

    public ReadOnlyMemory<byte> Sign(IEnumerable<RevokedEntry> entries, HashSigner sign)
    {
        var entriesLength = entries.Sum(e => (long)EntryWriter.Measure(e));
        var listLength = entriesLength == 0 ? 0 : DerSpan.MeasureValue(entriesLength);
        var toBeSignedLength = head.Length + listLength + tail.Length;

        // The outer header comes first but is as long as what follows says: leave the most room it can need.
        var start = DerSpan.MaxHeader;
        var end = checked((int)(start + DerSpan.MeasureValue(toBeSignedLength)));
        var buffer = new byte[end + TrailerRoom];
        WriteToBeSigned(new DerSpan(buffer.AsSpan(start, end - start)), toBeSignedLength, entriesLength, entries);

        end += WriteTrailer(buffer.AsSpan(end), sign(algorithm.ComputeHash(buffer.AsSpan(start, end - start))));
        var header = DerSpan.MeasureHeader(end - start);
        new DerSpan(buffer.AsSpan(start - header)).WriteHeader(Sequence, end - start);
        return buffer.AsMemory(start - header, header + end - start);
    }

    private void WriteToBeSigned(DerSpan writer, long length, long entriesLength, IEnumerable<RevokedEntry> entries)
    {
        writer.WriteHeader(Sequence, length);
        writer.Write(head);
        if (entriesLength > 0) // RFC 5280 5.1.2.6: absent, not empty
        {
            writer.WriteHeader(Sequence, entriesLength);
            foreach (var entry in entries)
                EntryWriter.Write(ref writer, entry);
        }

        writer.Write(tail);
        writer.ThrowUnlessFull();
    }

    private int WriteTrailer(Span<byte> room, byte[] signature)
    {
        var writer = new DerSpan(room);
        writer.Write(Der.Write(algorithm.Write));
        writer.WriteHeader(BitString, signature.Length + 1);
        writer.Write([0]); // no unused bits
        writer.Write(signature);
        return writer.Written;
    }
}
