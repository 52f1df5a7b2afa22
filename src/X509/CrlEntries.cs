using System.Formats.Asn1;

namespace Jpki.X509;

/// <summary>revokedCertificates of one CRL: the octets, and how to walk along them at little cost.</summary>
internal sealed class CrlEntries(ReadOnlyMemory<byte> contents, int version)
{
    private static readonly string[] Understood = [Oids.ReasonCode, Oids.InvalidityDate, Oids.CertificateIssuer];

    public static CrlEntries Read(AsnReader reader, int version)
    {
        if (!reader.NextIs(UniversalTagNumber.Sequence))
            return new(default, version);
        var contents = reader.PeekContentBytes();
        reader.ReadEncodedValue();
        return contents.IsEmpty // RFC 5280 5.1.2.6: absent, not empty
            ? throw new AsnContentException("a list of revoked certificates is empty")
            : new(contents, version);
    }

    public IEnumerable<RevokedEntry> All()
    {
        Name? issuer = null;
        for (var rest = contents; !rest.IsEmpty;)
        {
            var entry = Unpack(Next(ref rest));
            // RFC 5280 5.3.3: an entry without an issuer has the issuer of the entry before it.
            issuer = entry.CertificateIssuer ?? issuer;
            yield return entry with { CertificateIssuer = issuer };
        }
    }

    /// <summary>Compares serials only, and unpacks the one entry that matches.</summary>
    public RevokedEntry? Find(SerialNumber serial)
    {
        var wanted = Der.Write(serial.Write);
        for (var rest = contents; !rest.IsEmpty;)
        {
            var entry = Next(ref rest);
            if (entry.Span.StartsWith(wanted))
                return Unpack(entry);
        }

        return null;
    }

    internal int Version => version;

    /// <summary>The contents octets of revokedCertificates, entry after entry.</summary>
    internal ReadOnlyMemory<byte> Octets => contents;

    /// <summary>The entry whose SEQUENCE begins at <paramref name="offset"/>; its issuer only if it says one.</summary>
    internal RevokedEntry At(int offset)
    {
        var rest = contents[offset..];
        return Unpack(Next(ref rest));
    }

    /// <summary>Contents of the next entry's SEQUENCE.</summary>
    private static ReadOnlyMemory<byte> Next(ref ReadOnlyMemory<byte> rest)
    {
        AsnDecoder.ReadSequence(rest.Span, AsnEncodingRules.DER, out var offset, out var length, out var consumed);
        var entry = rest.Slice(offset, length);
        rest = rest[consumed..];
        return entry;
    }

    private RevokedEntry Unpack(ReadOnlyMemory<byte> entry)
    {
        var reader = Der.Open(entry);
        var revoked = new RevokedEntry(SerialNumber.Read(reader), reader.ReadTime(), null);
        if (reader.HasData && version == 1)
            throw new AsnContentException("only a v2 CRL has entry extensions");
        if (!reader.HasData)
            return revoked;
        if (ReadPlainReason(reader) is { } reason)
            return revoked with { ReasonCode = reason };
        foreach (var extension in Extension.ReadList(reader))
            revoked = Apply(revoked, extension);
        reader.ThrowIfNotEmpty();
        return revoked;
    }

    /// <summary>A reason and nothing else is what nearly every entry has: known by its octets, not unpacked.</summary>
    private static int? ReadPlainReason(AsnReader reader)
    {
        var extensions = reader.PeekEncodedValue().Span;
        var prefix = EntryWriter.ReasonPrefix;
        if (extensions.Length != prefix.Length + 1 || !extensions.StartsWith(prefix))
            return null;
        var reason = extensions[^1];
        reader.ReadEncodedValue();
        reader.ThrowIfNotEmpty();
        return Enum.IsDefined((CrlReason)reason) ? reason : throw new AsnContentException("not a CRLReason");
    }

    private static RevokedEntry Apply(RevokedEntry entry, Extension extension) => extension.Oid switch
    {
        Oids.ReasonCode => entry with { ReasonCode = Extensions.ReadReasonCode(extension) },
        Oids.CertificateIssuer => entry with { CertificateIssuer = ReadIssuer(extension) },
        _ when extension.Critical && !Understood.Contains(extension.Oid) =>
            entry with { HasUnknownCriticalExtension = true },
        _ => entry,
    };

    private static Name ReadIssuer(Extension extension) =>
        Der.ReadWhole(extension.Value, r => GeneralName.ReadList(r)).FirstOrDefault(n => n.DirectoryName is not null)
            ?.DirectoryName ?? throw new AsnContentException("a certificate issuer has no directory name");
}
