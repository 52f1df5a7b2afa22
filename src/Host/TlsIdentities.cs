using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Jpki.Authority;
using Jpki.Forms;
using PublicKey = Jpki.X509.PublicKey;

namespace Jpki.Host;

/// <summary>
/// The inner network's identities: a P-256 key and a certificate of the operations CA for each, kept as one PEM file
/// (0600), made on the first start and renewed at the Authority's door before they end. (CPS 2-1-2(5), 5-2-2③)
/// </summary>
internal sealed class TlsIdentities(string folder, OperationsCa operations, IReadOnlyList<string> hosts)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromHours(12);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, TlsIdentity> open = [];

    /// <summary>For a door, and for the room behind it when it calls another.</summary>
    public Task<TlsIdentity> Door(CallerRole role, string id) =>
        Open(id, key => operations.IssueDoor(role, id, key, hosts));

    /// <summary>For somebody who only calls.</summary>
    public Task<TlsIdentity> Client(CallerRole role, string id) =>
        Open(id, key => operations.IssueClient(role, id, key, "Authority"));

    public string FileOf(string id) => Path.Combine(folder, id + ".pem");

    /// <summary>Looks twice a day until told to stop.</summary>
    public async Task KeepAlive(OperationsTrust trust, Uri authority, TimeProvider clock, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var isDone = await RenewDue(trust, authority, clock.GetUtcNow(), stop);
            await Task.Delay(isDone ? LookEvery : RetryAfter, clock, stop);
        }
    }

    /// <summary>
    /// Asks for the next certificate of each identity whose time has come; false when one was not given. The operators'
    /// console tells of those that come too close to their end.
    /// </summary>
    public async Task<bool> RenewDue(OperationsTrust trust, Uri authority, DateTimeOffset at, CancellationToken stop)
    {
        var isDone = true;
        foreach (var (id, identity) in open)
        {
            if (RenewalTimes.Objection(identity.Current.NotAfter, at) is null)
                isDone &= await Renew(id, identity, trust, authority, stop);
        }
        return isDone;
    }

    private async Task<bool> Renew(
        string id, TlsIdentity identity, OperationsTrust trust, Uri authority, CancellationToken stop)
    {
        using var door = trust.ClientFor(identity, authority);
        using var key = identity.Current.GetECDsaPrivateKey()!;
        try
        {
            using var answer = await door.PostAsJsonAsync(
                "renewals", new RenewalRequest(OfficerKey.Request(id, key)), FormJson.Options, stop);
            if (!answer.IsSuccessStatusCode)
                return false;
            var next = await answer.Content.ReadFromJsonAsync<ClientCertificateAnswer>(FormJson.Options, stop);
            identity.Renew(X509.Certificate.Read(next!.Certificate), FileOf(id));
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException)
        {
            return false;
        }
    }

    /// <summary>One whose certificate was revoked starts anew, with another key.</summary>
    private async Task<TlsIdentity> Open(string id, Func<PublicKey, Task<X509.Certificate>> issue)
    {
        var file = FileOf(id);
        if (!File.Exists(file) || IsRevoked(TlsIdentity.Read(file).Current))
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var certificate = await issue(PublicKey.From(key));
            Hsm.SecretFile.Write(file, TlsIdentity.Pem(certificate.Der.Span, key));
        }
        return open[id] = TlsIdentity.Read(file);
    }

    private bool IsRevoked(X509Certificate2 certificate) =>
        operations.ObjectionTo(OperationsTrust.SerialOf(certificate)) is not null;
}
