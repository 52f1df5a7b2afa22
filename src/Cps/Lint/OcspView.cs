using System.Collections.Immutable;
using System.Formats.Asn1;
using Jpki.X509;

namespace Jpki.Cps.Lint;

/// <summary>A response, and what its certificates are.</summary>
public sealed record OcspView(BasicOcspResponse Response, OcspSigners Signers)
{
    public OcspView(BasicOcspResponse response)
        : this(response, OcspSigners.Of(response.Certificates))
    {
    }

    internal bool Any(Func<SingleResponse, bool> claim)
    {
        foreach (var single in Response.Responses)
        {
            if (claim(single))
                return true;
        }
        return false;
    }
}

/// <summary>The certificates in a response: the same in every answer of a node, so looked at once.</summary>
public sealed record OcspSigners
{
    /// <summary>False when one of them is no certificate.</summary>
    public required bool AreReadable { get; init; }

    /// <summary>Is one of them a responder's of the governor?</summary>
    public required bool AreOurs { get; init; }

    /// <summary>The key hashes of those that may sign OCSP responses.</summary>
    public required ImmutableArray<byte[]> Delegates { get; init; }

    public static OcspSigners Of(IReadOnlyList<ReadOnlyMemory<byte>> certificates)
    {
        Certificate?[] read = [.. certificates.Select(TryRead)];
        return new()
        {
            AreReadable = !read.Contains(null),
            AreOurs = read.Any(c => c is not null && Kinds.Of(c) == CertificateKind.OcspResponder),
            Delegates = [.. from certificate in read
                            where certificate is not null
                                && new CertificateView(certificate, null).Purposes?.Contains(Oids.OcspSigning) == true
                            select certificate.PublicKey.KeyIdentifier],
        };
    }

    private static Certificate? TryRead(ReadOnlyMemory<byte> der)
    {
        try
        {
            return Certificate.Read(der);
        }
        catch (AsnContentException)
        {
            return null;
        }
    }
}
