namespace Jpki.Forms;

/// <summary>
/// What an OCSP node sends to <c>POST /responders</c> of the Authority to be certified. OCSPレスポンダ証明書の発行 (CPS 4-4-4-2)
/// </summary>
/// <param name="CertificationRequest">PKCS#10 (RFC 2986), signed with the node's own new key.</param>
/// <param name="Generation">Which of the governor's keys is to sign the certificate.</param>
public sealed record ResponderRequest(byte[] CertificationRequest, int Generation);

/// <summary>The node's certificate.</summary>
/// <param name="Certificate">DER.</param>
public sealed record ResponderAnswer(byte[] Certificate);
