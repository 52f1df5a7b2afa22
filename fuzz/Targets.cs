using System.Formats.Asn1;
using Jpki.Validation;
using Jpki.X509;
using Jpki.X509.Paths;

namespace Jpki.Fuzz;

/// <summary>
/// Readers of strangers' bytes. Each may refuse what it is given, with the exceptions that its door catches; any other
/// exception, a hang or runaway memory is a finding.
/// </summary>
public static class Targets
{
    public static IReadOnlyDictionary<string, Action<byte[]>> All { get; } = new Dictionary<string, Action<byte[]>>
    {
        ["certificate"] = Refusable(ReadCertificate),
        ["crl"] = Refusable(ReadCrl),
        ["ocsp"] = Refusable(octets => OcspResponse.Read(octets)),
        ["ocsp-request"] = Refusable(octets => OcspRequest.Read(octets)),
        ["bundle"] = Refusable(octets => CertificateBundle.Read(octets)),
        ["cmp"] = Refusable(CmpTargets.Read),
        ["card"] = CardTargets.Commands,
        ["card-answers"] = CardTargets.Answers,
        ["question"] = octets => new ValidationDesk(TimeProvider.System).Answer(octets),
    };

    private static Action<byte[]> Refusable(Action<byte[]> read) => octets =>
    {
        try
        {
            read(octets);
        }
        catch (Exception e) when (e is AsnContentException or FormatException)
        {
            // The answer to bad bytes.
        }
    };

    /// <summary>Every extension too, and as target, authority and anchor at once.</summary>
    private static void ReadCertificate(byte[] octets)
    {
        var certificate = Certificate.Read(octets);
        new PathValidator(TimeProvider.System).Validate(
            new([certificate], [certificate], []),
            new()
            {
                Target = certificate,
                At = certificate.NotBefore,
                Names = [new(PeerNameKind.Dns, "example.test")],
            });
        _ = certificate.Subject.ToString() + certificate.Issuer;
    }

    private static void ReadCrl(byte[] octets)
    {
        var crl = Crl.Read(octets);
        foreach (var entry in crl.Entries().Take(1000))
            crl.Index.Find(entry.Serial, crl.Issuer);
        _ = crl.Index.Count;
    }
}
