namespace Jpki.X509;

/// <summary>
/// A private key as seen from here: it signs a hash. RSA answers in PKCS#1 v1.5, ECDSA as the DER SEQUENCE of r and s.
/// </summary>
public delegate byte[] HashSigner(ReadOnlySpan<byte> hash);
