using Jpki.Cps;

namespace Jpki.Forms;

/// <summary>
/// When the next certificate may be had. The old one is good beside the new until its own end; how long either lives is
/// the practice statement's, how early one renews is ours. 更新
/// </summary>
public static class RenewalTimes
{
    /// <summary>Of the inner network's certificates. Who renews by himself does so on the first day.</summary>
    public static readonly TimeSpan Opens = TimeSpan.FromDays(90);

    /// <summary>Of the governor's one-year certificates for responders and the validation server.</summary>
    public static readonly TimeSpan OneYearOpens = TimeSpan.FromDays(30);

    /// <summary>Null when the next one may be had.</summary>
    public static Refusal? Objection(DateTimeOffset notAfter, DateTimeOffset at) =>
        notAfter < at
            ? new("5-2-2③", $"証明書は {JapanTime.ForPeople(notAfter)} に切れました。 The certificate has ended: register anew.")
        : notAfter - at > Opens
            ? new("5-2-2③", $"更新は期限の {Opens.Days} 日前からです。 It is renewed in its last {Opens.Days} days.")
        : null;
}

/// <summary>
/// What a terminal or a door sends to <c>POST /renewals</c> of the Authority, showing its present certificate: the
/// answer is one for the same role and id. PKCS#10, signed with the key that is to be certified.
/// </summary>
public sealed record RenewalRequest(byte[] CertificationRequest);

/// <summary>An officer's wish for his next certificate, under the signature of his present key.</summary>
/// <param name="Id">His own.</param>
/// <param name="CertificationRequest">PKCS#10 with the key of his next card.</param>
public sealed record OfficerRenewal(string Id, byte[] CertificationRequest);

/// <summary>The same as the control room brings it to the Authority.</summary>
/// <param name="Certificate">The present one, DER.</param>
/// <param name="Form">An <see cref="OfficerRenewal"/> under its key's signature.</param>
public sealed record OfficerRenewalRequest(byte[] Certificate, SignedForm Form);

/// <summary>
/// Ends a responder's, the validation server's, a door's, a terminal's, a verifier's or an officer's certificate.
/// </summary>
/// <param name="Serial">Upper-case hexadecimal.</param>
/// <param name="Reason">Any of the five but the governor's compromise.</param>
/// <param name="Why">In words, for the log of those who agree.</param>
public sealed record OtherRevocation(string Serial, RevocationReason Reason, string Why);

/// <summary>Whose certificate it was, and since when it is worth nothing.</summary>
public sealed record OtherRevocationAnswer(
    string Serial, string Bearer, RevocationReason Reason, DateTimeOffset RevokedAt);

/// <summary>
/// What the validation server sends to <c>POST /validation-servers</c>: PKCS#10 with its own key. As long as that key's
/// certificate is good the answer is the same certificate. (CPS 1-3-2③)
/// </summary>
public sealed record ValidationServerRequest(byte[] CertificationRequest);

/// <summary>What the governor says to it.</summary>
/// <param name="Certificate">The server's, DER; null when that key's has ended: another key is wanted.</param>
/// <param name="AuthorityCertificate">The self-signed one of the governor's key that signed it, DER.</param>
public sealed record ValidationServerAnswer(byte[]? Certificate, byte[] AuthorityCertificate);
