using System.Security.Cryptography;
using Jpki.X509;

namespace Jpki.Card;

/// <summary>What <c>jpki card show</c> tells of a card: nothing secret.</summary>
public sealed record CardDescription
{
    public required string Number { get; init; }

    /// <summary>Kind and size of the signature key; null when there is none or the reader does not tell.</summary>
    public string? Key { get; init; }

    /// <summary>Null when there is none, or when a reader asks for the password first.</summary>
    public CardCertificate? SignCertificate { get; init; }

    public CardCertificate? CaCertificate { get; init; }

    public required int TriesLeft { get; init; }

    public bool IsLocked => TriesLeft == 0;

    public CardCertificate? AuthenticationCertificate { get; init; }

    public int AuthenticationTriesLeft { get; init; }
}

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
