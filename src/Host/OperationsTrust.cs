using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Jpki.Host;

/// <summary>
/// Who is believed on the inner network: those whose certificate the operations CA signed, and nobody else.
/// </summary>
internal sealed class OperationsTrust(X509Certificate2 anchor, TimeProvider clock)
{
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");

    public bool AcceptsClient(X509Certificate2 certificate) => Accepts(certificate, ClientAuthentication);

    /// <summary>An HTTP client that believes only our own doors and shows them <paramref name="identity"/>.</summary>
    public HttpClient ClientFor(X509Certificate2? identity, Uri door)
    {
        SocketsHttpHandler handler =
            new() { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromHours(1) };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            (errors & SslPolicyErrors.RemoteCertificateNameMismatch) == 0
            && certificate is X509Certificate2 server
            && Accepts(server, ServerAuthentication);
        if (identity is not null)
            handler.SslOptions.ClientCertificates = [identity];
        // HTTP/2, so that many questions at once share one handshake.
        return new(handler) { BaseAddress = door, DefaultRequestVersion = HttpVersion.Version20 };
    }

    private bool Accepts(X509Certificate2 certificate, Oid purpose)
    {
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(anchor);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;   // Admission lists take access away, at once.
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = clock.GetUtcNow().UtcDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(purpose);
        return chain.Build(certificate);
    }
}
