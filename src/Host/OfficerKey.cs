using System.Security.Cryptography;
using System.Text;
using Jpki.X509;
using PublicKey = Jpki.X509.PublicKey;

namespace Jpki.Host;

/// <summary>An officer's own P-256 key, where he has no card for it.</summary>
internal static class OfficerKey
{
    /// <summary>PKCS#10, DER.</summary>
    public static byte[] Request(string id, ECDsa key) => CertificationRequest.Create(
        Name.Of(("CN", id)), PublicKey.From(key), SignatureAlgorithm.EcdsaSha256,
        hash => key.SignHash(hash, DSASignatureFormat.Rfc3279DerSequence));

    /// <summary>Certificate and key as the sandbox's commands and openssl read them.</summary>
    public static byte[] Pem(byte[] certificate, ECDsa key) => Encoding.ASCII.GetBytes(
        PemEncoding.WriteString("CERTIFICATE", certificate) + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
}
