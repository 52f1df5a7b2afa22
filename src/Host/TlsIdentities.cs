using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Jpki.Authority;
using Jpki.Forms;
using Jpki.Hsm;
using PublicKey = Jpki.X509.PublicKey;

namespace Jpki.Host;

/// <summary>
/// The inner network's identities: a P-256 key and a certificate of the operations CA for each, kept as one PEM file
/// (0600) and made on the first start.
/// </summary>
internal sealed class TlsIdentities(string folder, OperationsCa operations, IReadOnlyList<string> hosts)
{
    /// <summary>For a door, and for the room behind it when it calls another.</summary>
    public Task<X509Certificate2> Door(CallerRole role, string id) =>
        Open(id, key => operations.IssueDoor(role, id, key, hosts));

    /// <summary>For somebody who only calls.</summary>
    public Task<X509Certificate2> Client(CallerRole role, string id) =>
        Open(id, key => operations.IssueClient(role, id, key, "Authority"));

    public string FileOf(string id) => Path.Combine(folder, id + ".pem");

    private async Task<X509Certificate2> Open(string id, Func<PublicKey, Task<X509.Certificate>> issue)
    {
        var file = FileOf(id);
        if (!File.Exists(file))
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var certificate = await issue(PublicKey.From(key));
            var pem = PemEncoding.WriteString("CERTIFICATE", certificate.Der.Span)
                + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n";
            SecretFile.Write(file, Encoding.ASCII.GetBytes(pem));
        }
        var text = Encoding.ASCII.GetString(SecretFile.Read(file));
        return X509Certificate2.CreateFromPem(text, text);
    }
}
