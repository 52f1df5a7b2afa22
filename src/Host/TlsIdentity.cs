using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Jpki.Hsm;

namespace Jpki.Host;

/// <summary>
/// Who a door or a caller is on the inner network: a key and the newest certificate for it, which changes while it is
/// in use. Signatures made before a renewal stay good after it, because the key is the same.
/// </summary>
internal sealed class TlsIdentity(X509Certificate2 first)
{
    private volatile X509Certificate2 current = first;

    /// <summary>With its key. Not kept: asked for at each handshake.</summary>
    public X509Certificate2 Current => current;

    /// <summary>Reads a PEM file (0600) with certificate and key.</summary>
    public static TlsIdentity Read(string file)
    {
        var text = Encoding.ASCII.GetString(SecretFile.Read(file));
        return new(X509Certificate2.CreateFromPem(text, text));
    }

    /// <summary>From now on with this certificate for the same key; the file first.</summary>
    /// <exception cref="FormatException">It is for another key.</exception>
    public void Renew(X509.Certificate next, string file)
    {
        using var key = current.GetECDsaPrivateKey()!;
        if (!next.PublicKey.Equals(X509.PublicKey.From(key)))
            throw new FormatException($"{file}: the next certificate is for another key");
        SecretFile.Write(file, Pem(next.Der.Span, key));
        current = Read(file).Current;
    }

    public static byte[] Pem(ReadOnlySpan<byte> certificate, ECDsa key) => Encoding.ASCII.GetBytes(
        PemEncoding.WriteString("CERTIFICATE", certificate) + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
}
