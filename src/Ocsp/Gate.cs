using System.Collections.Frozen;
using System.Formats.Asn1;
using System.Security.Cryptography;
using Jpki.Forms;
using Jpki.X509;

namespace Jpki.Ocsp;

/// <summary>Who asks, as far as the connection shows it.</summary>
/// <param name="Source">For the log: where the question came from.</param>
/// <param name="ClientCertificateSha256">Upper-case hexadecimal; null without mutual authentication.</param>
public sealed record Asker(string Source, string? ClientCertificateSha256);

/// <summary>Whether a question may be answered: by whom it was asked, or how it is refused.</summary>
internal readonly record struct Admittance(Admission? Verifier, OcspResponseStatus Refusal)
{
    public static Admittance Of(Admission? verifier) => new(verifier, OcspResponseStatus.Unauthorized);
}

/// <summary>Lets in those whom the governor has admitted, and nobody else. アクセス権 (CPS 4-4-4-3)</summary>
/// <param name="admissions">As it stands now.</param>
/// <param name="isEnded">Whether the certificate of that serial number was revoked.</param>
internal sealed class Gate(Func<AdmissionList> admissions, Func<string, bool> isEnded)
{
    private volatile Register register = new(new(0, []));

    public Admittance Admit(OcspRequest request, Asker asker, DateTimeOffset at)
    {
        var admitted = Current();
        if (asker.ClientCertificateSha256 is { } certificate)
            return Admittance.Of(admitted.Find(certificate));
        return request.Algorithm is null
            ? new(null, OcspResponseStatus.SigRequired)
            : Admittance.Of(Signer(request, admitted, at));
    }

    /// <summary>The admitted verifier whose certificate came with the request and whose key signed it.</summary>
    private Admission? Signer(OcspRequest request, Register admitted, DateTimeOffset at)
    {
        // SHA-1 no longer binds a signature to what it signs.
        if (request.Algorithm == SignatureAlgorithm.Sha1WithRsa)
            return null;
        foreach (var der in request.Certificates)
        {
            // A stranger's certificate is looked up, not read: nothing of it is computed with.
            if (admitted.Find(Convert.ToHexString(SHA256.HashData(der.Span))) is not { } verifier)
                continue;
            var certificate = TryRead(der);
            if (certificate?.IsLiveAt(at) == true && !isEnded($"{certificate.Serial}")
                && request.IsSignedBy(certificate.PublicKey))
            {
                return verifier;
            }
        }
        return null;
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

    private Register Current()
    {
        var list = admissions();
        if (!ReferenceEquals(register.List, list))
            register = new(list);
        return register;
    }

    private sealed class Register(AdmissionList list)
    {
        private readonly FrozenDictionary<string, Admission> byCertificate = list.Admitted
            .DistinctBy(a => a.ClientCertificateSha256, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(a => a.ClientCertificateSha256, StringComparer.OrdinalIgnoreCase);

        public AdmissionList List => list;

        public Admission? Find(string sha256) => byCertificate.GetValueOrDefault(sha256);
    }
}
