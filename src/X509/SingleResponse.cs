using System.Formats.Asn1;

namespace Jpki.X509;

/// <summary>What OCSP can say of a certificate. 有効、失効、不明の別 (RFC 6960, 2.2)</summary>
public enum CertStatus
{
    Good = 0,
    Revoked = 1,
    Unknown = 2,
}

/// <summary>One answer of a response. (RFC 6960, 4.2.1)</summary>
public sealed record SingleResponse
{
    private const string CrlReferences = "1.3.6.1.5.5.7.48.1.3";
    private const string ArchiveCutoff = "1.3.6.1.5.5.7.48.1.6";
    private const string SignedCertificateTimestamps = "1.3.6.1.4.1.11129.2.4.5";   // RFC 6962 3.3

    public required CertId CertId { get; init; }

    public required CertStatus Status { get; init; }

    /// <summary>Only, and always, for a revoked certificate.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>The CRLReason (RFC 5280, 5.3.1), when one is told.</summary>
    public int? Reason { get; init; }

    public required DateTimeOffset ThisUpdate { get; init; }

    /// <summary>Null says that newer information is there at any time. (RFC 6960, 4.2.2.1)</summary>
    public DateTimeOffset? NextUpdate { get; init; }

    internal static SingleResponse Read(AsnReader outer)
    {
        var reader = outer.ReadSequence();
        var certId = CertId.Read(reader);
        var (status, revokedAt, reason) = ReadStatus(reader);
        var thisUpdate = OcspDer.ReadTime(reader);
        var nextUpdate = reader.ReadExplicit<DateTimeOffset?>(OcspDer.Tag0, r => OcspDer.ReadTime(r));
        OcspDer.ReadExtensions(reader, OcspDer.Tag1, CrlReferences, ArchiveCutoff, SignedCertificateTimestamps);
        reader.ThrowIfNotEmpty();
        return new()
        {
            CertId = certId,
            Status = status,
            RevokedAt = revokedAt,
            Reason = reason,
            ThisUpdate = thisUpdate,
            NextUpdate = nextUpdate,
        };
    }

    internal void Write(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(CertId.Der.Span);
            WriteStatus(writer);
            OcspDer.WriteTime(writer, ThisUpdate);
            if (NextUpdate is { } nextUpdate)
            {
                using (writer.PushSequence(OcspDer.Tag0))
                    OcspDer.WriteTime(writer, nextUpdate);
            }
        }
    }

    private static (CertStatus, DateTimeOffset?, int?) ReadStatus(AsnReader reader)
    {
        var tag = reader.PeekTag();
        if (tag == OcspDer.Tag1)
        {
            var revoked = reader.ReadSequence(OcspDer.Tag1);
            var at = OcspDer.ReadTime(revoked);
            var reason = revoked.ReadExplicit<int?>(OcspDer.Tag0, r => (int)r.ReadEnumeratedValue<CrlReason>());
            revoked.ThrowIfNotEmpty();
            return (CertStatus.Revoked, at, reason);
        }
        if (tag.TagClass != TagClass.ContextSpecific || tag.TagValue is not (0 or 2))
            throw new AsnContentException("CertStatus: neither good, revoked nor unknown");
        reader.ReadNull(tag);
        return ((CertStatus)tag.TagValue, null, null);
    }

    private void WriteStatus(AsnWriter writer)
    {
        if (Status != CertStatus.Revoked)
        {
            writer.WriteNull(Der.Context((int)Status));
            return;
        }
        using (writer.PushSequence(OcspDer.Tag1))
        {
            OcspDer.WriteTime(writer, RevokedAt ?? throw new InvalidOperationException("revoked, but when?"));
            if (Reason is { } reason)
            {
                using (writer.PushSequence(OcspDer.Tag0))
                    writer.WriteEnumeratedValue((CrlReason)reason);
            }
        }
    }
}
