using System.Security.Cryptography;
using Jpki.X509;

namespace Jpki.Card;

/// <summary>What <c>jpki card show</c> tells of a card: nothing secret, nothing personal.</summary>
public sealed record CardDescription(
    string Key, CardCertificate? SignCertificate, CardCertificate? CaCertificate, int TriesLeft, bool IsLocked);

/// <summary>One of a card's certificates, for people.</summary>
public sealed record CardCertificate(
    string Serial, string Subject, string Issuer, DateTimeOffset NotBefore, DateTimeOffset NotAfter, string Sha256)
{
    internal static CardCertificate? Of(byte[]? der)
    {
        if (der is null)
            return null;
        var certificate = Certificate.Read(der);
        return new(
            certificate.Serial.ToString(),
            certificate.Subject.ToString(),
            certificate.Issuer.ToString(),
            certificate.NotBefore,
            certificate.NotAfter,
            Convert.ToHexString(SHA256.HashData(der)));
    }
}
