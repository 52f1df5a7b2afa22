using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Jpki.Cps;
using Jpki.X509;

namespace Jpki.Host;

/// <summary>
/// Who is believed on the inner network: those whose certificate the operations CA signed and nobody has revoked.
/// </summary>
/// <param name="anchor">The operations CA's certificate.</param>
/// <param name="clock">The prefecture's time.</param>
/// <param name="objection">
/// Why the certificate of a serial number was ended; null for callers who cannot know.
/// </param>
internal sealed class OperationsTrust(
    X509Certificate2 anchor, TimeProvider clock, Func<string, Refusal?>? objection = null)
{
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");

    /// <summary>
    /// At the handshake. One that was revoked comes through: the door tells its bearer why it stays closed.
    /// </summary>
    public bool AcceptsClient(X509Certificate2 certificate) => Accepts(certificate, ClientAuthentication);

    /// <summary>At every request: connections outlive revocations. Null when the caller is welcome.</summary>
    public Refusal? ObjectionTo(X509Certificate2 certificate) => objection?.Invoke(SerialOf(certificate));

    /// <summary>Whether the certificate of that serial number was revoked.</summary>
    public bool IsEnded(string serial) => objection?.Invoke(serial) is not null;

    /// <summary>As the Authority's books have it.</summary>
    public static string SerialOf(X509Certificate2 certificate) =>
        SerialNumber.Parse(certificate.SerialNumber).ToString();

    /// <summary>An HTTP client that believes only our own doors and shows them <paramref name="identity"/>.</summary>
    public HttpClient ClientFor(TlsIdentity? identity, Uri door)
    {
        SocketsHttpHandler handler =
            new() { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromHours(1) };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            (errors & SslPolicyErrors.RemoteCertificateNameMismatch) == 0
            && certificate is X509Certificate2 server
            && Accepts(server, ServerAuthentication) && ObjectionTo(server) is null;
        if (identity is not null)
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => identity.Current;
        // HTTP/2, so that many questions at once share one handshake.
        return new(handler) { BaseAddress = door, DefaultRequestVersion = HttpVersion.Version20 };
    }

    private bool Accepts(X509Certificate2 certificate, Oid purpose)
    {
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(anchor);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;   // The Authority's own word, at each request.
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = clock.GetUtcNow().UtcDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(purpose);
        return chain.Build(certificate);
    }
}
