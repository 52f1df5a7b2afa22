using System.Formats.Asn1;
using Jpki.Forms;
using Jpki.X509;
using Jpki.X509.Paths;

namespace Jpki.Validation;

/// <summary>
/// What a verdict may rest on. What cannot be read is left out and told: in a pool of strangers' bytes it is no reason
/// to give up. 検証材料
/// </summary>
internal sealed class Evidence
{
    /// <summary>Told, of those that cannot be read.</summary>
    private const int MaxTold = 16;

    private readonly List<Certificate> anchors = [];
    private readonly List<Certificate> certificates = [];
    private readonly List<Crl> crls = [];
    private readonly List<BasicOcspResponse> answers = [];
    private readonly List<string> unreadable = [];

    public Certificate? Target { get; private init; }

    /// <summary>Why there is no target.</summary>
    public string? Trouble { get; private init; }

    public IReadOnlyList<Certificate> Anchors => anchors;

    public IReadOnlyList<Certificate> Certificates => certificates;

    public IReadOnlyList<Crl> Crls => crls;

    public IReadOnlyList<string> Unreadable => unreadable;

    /// <param name="request">Everything that came with the question.</param>
    /// <param name="own">Anchors for a question that brings none.</param>
    public static Evidence Of(ValidationRequest request, IReadOnlyList<Certificate>? own = null)
    {
        Evidence evidence;
        try
        {
            evidence = new() { Target = Certificate.Read(request.Target) };
        }
        catch (AsnContentException e)
        {
            return new() { Trouble = $"the target cannot be read as a certificate: {e.Message} (RFC 5280 4.1)" };
        }
        if (request.Anchors is null)
            evidence.anchors.AddRange(own ?? []);
        evidence.Read("anchor", request.Anchors, der => evidence.anchors.Add(Certificate.Read(der)));
        evidence.Read("certificate", request.Certificates, der => evidence.certificates.Add(Certificate.Read(der)));
        evidence.Read("CRL", request.Crls, der => evidence.crls.Add(Crl.Read(der)));
        evidence.Read("OCSP answer", request.Ocsp, evidence.AddAnswer);
        return evidence;
    }

    public void Add(CertificateBundle bundle)
    {
        certificates.AddRange(bundle.Certificates);
        crls.AddRange(bundle.Crls);
    }

    public PathPool Pool() => new(anchors, certificates, crls, answers);

    private void AddAnswer(byte[] der)
    {
        if (OcspResponse.Read(der).Basic is { } answer)
            answers.Add(answer);
    }

    private void Read(string kind, IReadOnlyList<byte[]>? values, Action<byte[]> read)
    {
        for (var i = 0; i < values?.Count; i++)
        {
            try
            {
                read(values[i]);
            }
            catch (AsnContentException e)
            {
                if (unreadable.Count < MaxTold)
                    unreadable.Add($"{kind} {i + 1} cannot be read: {e.Message}");
            }
        }
    }
}
