namespace Jpki.X509;

/// <summary>
/// Writes a CRL of any length to a stream, front to back, hashing what it writes; of the entries it never holds more
/// than a few pieces. Lengths come before contents in DER, so the entries are measured first.
/// </summary>
/// <param name="algorithm">How it will be signed.</param>
/// <param name="head">The encoded fields before the entries.</param>
/// <param name="tail">The encoded fields after them.</param>
/// <param name="entriesLength">Octets of all entries, as <see cref="CrlContent.Measure"/> found.</param>
internal sealed class CrlStream(SignatureAlgorithm algorithm, byte[] head, byte[] tail, long entriesLength)
{
    private const byte Sequence = 0x30;
    private const byte BitString = 0x03;

    /// <summary>Octets of entries from which on several threads share the work.</summary>
    private const int Long = 1 << 20;

    private long ToBeSignedContents =>
        head.Length + (entriesLength == 0 ? 0 : DerSpan.MeasureValue(entriesLength)) + tail.Length;

    /// <summary>With the length of the signature known beforehand the entries are walked along once.</summary>
    public void Write(
        Stream output, IEnumerable<ReadOnlyMemory<RevokedEntry>> entries, int signatureLength,
        Func<byte[], byte[]?> sign)
    {
        output.Write(Header(DerSpan.MeasureValue(ToBeSignedContents) + TrailerLength(signatureLength)));
        if (sign(Hash(entries, output)) is not { } signature)
            return;
        if (signature.Length != signatureLength)
            throw new InvalidOperationException($"a signature of {signature.Length} octets, not {signatureLength}");
        output.Write(Trailer(signature));
    }

    /// <summary>An ECDSA signature's length shows when it is made: hash, sign, and write what was hashed.</summary>
    public void Write(Stream output, IEnumerable<ReadOnlyMemory<RevokedEntry>> entries, Func<byte[], byte[]?> sign)
    {
        var hash = Hash(entries, Stream.Null);
        if (sign(hash) is not { } signature)
            return;
        var trailer = Trailer(signature);
        output.Write(Header(DerSpan.MeasureValue(ToBeSignedContents) + trailer.Length));
        if (!Hash(entries, output).AsSpan().SequenceEqual(hash))
            throw new InvalidOperationException("the entries changed between hashing and writing");
        output.Write(trailer);
    }

    /// <summary>Writes the to-be-signed octets and gives their hash.</summary>
    private byte[] Hash(IEnumerable<ReadOnlyMemory<RevokedEntry>> entries, Stream output)
    {
        using PieceWriter writer = new(algorithm.Hash, output, isLong: entriesLength > Long);
        writer.Send([.. Header(ToBeSignedContents), .. head]);
        if (entriesLength > 0)
        {
            writer.Send(Header(entriesLength));
            if (WriteEntries(entries, writer) != entriesLength)
                throw new InvalidOperationException("the entries changed between measuring and writing");
        }
        writer.Send(tail);
        return writer.Finish();
    }

    private static long WriteEntries(IEnumerable<ReadOnlyMemory<RevokedEntry>> entries, PieceWriter writer)
    {
        var total = 0L;
        var piece = writer.Next();
        EntryEncoder encoder = new(piece);
        foreach (var batch in entries)
        {
            foreach (ref readonly var entry in batch.Span)
            {
                if (encoder.Room < EntryEncoder.LongestEntry)
                    Send(ref encoder);
                encoder.Write(entry);
            }
        }
        total += encoder.Written;
        writer.Send(piece, encoder.Written);
        return total;

        void Send(ref EntryEncoder full)
        {
            total += full.Written;
            writer.Send(piece, full.Written);
            piece = writer.Next();
            full = new(piece);
        }
    }

    private int TrailerLength(int signatureLength) =>
        Der.Write(algorithm.Write).Length + (int)DerSpan.MeasureValue(signatureLength + 1);

    private byte[] Trailer(byte[] signature)
    {
        var trailer = new byte[TrailerLength(signature.Length)];
        DerSpan writer = new(trailer);
        writer.Write(Der.Write(algorithm.Write));
        writer.WriteHeader(BitString, signature.Length + 1);
        writer.Write([0]);                                    // No unused bits.
        writer.Write(signature);
        writer.ThrowUnlessFull();
        return trailer;
    }

    private static byte[] Header(long length)
    {
        var header = new byte[DerSpan.MeasureHeader(length)];
        new DerSpan(header).WriteHeader(Sequence, length);
        return header;
    }
}
