namespace Jpki.X509;

/// <summary>What a CRL shall say besides its entries (RFC 5280 5.1.2). 失効リストの記載内容</summary>
public sealed record CrlContent
{
    private const int V2 = 1;

    public required SignatureAlgorithm Algorithm { get; init; }

    public required Name Issuer { get; init; }

    public required DateTimeOffset ThisUpdate { get; init; }

    public required DateTimeOffset NextUpdate { get; init; }

    public IReadOnlyList<Extension> Extensions { get; init; } = [];

    /// <summary>
    /// Signs a CRL with these entries, in their order. They are walked through twice, once to measure and once to
    /// write, and must be the same both times; so a million entries need no memory but their own octets.
    /// </summary>
    public Crl Sign(IEnumerable<RevokedEntry> entries, HashSigner sign)
    {
        return Crl.Read(new CrlWriter(Algorithm, Head(), Tail()).Sign(entries, sign));
    }

    /// <summary>Octets that these entries will take, for <see cref="WriteTo"/>.</summary>
    public static long Measure(IEnumerable<ReadOnlyMemory<RevokedEntry>> entries)
    {
        var total = 0L;
        foreach (var batch in entries)
        {
            foreach (ref readonly var entry in batch.Span)
                total += EntryWriter.Measure(entry);
        }
        return total;
    }

    /// <summary>
    /// Writes and signs a CRL of any length in memory that does not grow with it.
    /// </summary>
    /// <param name="output">Gets the CRL in DER, front to back.</param>
    /// <param name="entries">Batch after batch; may be asked for again, and must be the same then.</param>
    /// <param name="entriesLength">What <see cref="Measure"/> said of them.</param>
    /// <param name="signatureLength">Octets of an RSA signature; null for ECDSA, whose length varies.</param>
    /// <param name="sign">Gets the hash of the to-be-signed octets; null when they shall not be signed after
    /// all.</param>
    /// <exception cref="InvalidOperationException">The entries were not the same.</exception>
    public void WriteTo(
        Stream output, IEnumerable<ReadOnlyMemory<RevokedEntry>> entries, long entriesLength, int? signatureLength,
        Func<byte[], byte[]?> sign)
    {
        CrlStream stream = new(Algorithm, Head(), Tail(), entriesLength);
        if (signatureLength is { } length)
            stream.Write(output, entries, length, sign);
        else
            stream.Write(output, entries, sign);
    }

    /// <summary>The encoded fields before the entries.</summary>
    private byte[] Head()
    {
        if (Issuer.IsEmpty || NextUpdate < ThisUpdate)
            throw new InvalidOperationException("a CRL needs an issuer and a next update after this one");
        // Only the contents of the SEQUENCE are wanted, so the fields stand side by side.
        var writer = Der.NewWriter();
        writer.WriteInteger(V2);
        Algorithm.Write(writer);
        writer.WriteEncodedValue(Issuer.Der.Span);
        writer.WriteTime(ThisUpdate);
        writer.WriteTime(NextUpdate);
        return writer.Encode();
    }

    /// <summary>crlExtensions [0], the only field after the entries.</summary>
    private byte[] Tail() => Extensions.Count == 0 ? [] : Der.Write(writer =>
    {
        using (writer.PushSequence(Der.Context(0, constructed: true)))
            Extension.WriteList(writer, Extensions);
    });
}
