using System.Collections.Immutable;
using Jpki.X509;
using static Jpki.Cps.Lint.Rules;

namespace Jpki.Cps.Lint;

/// <summary>An OCSP response that says something. (RFC 6960 4.2; RFC 9654; CPS 4-4-4-2)</summary>
internal static class OcspRules
{
    private const int Sha1Octets = 20;
    private const int LongestNonce = 32;

    public static readonly ImmutableArray<Rule<OcspView>> All =
    [
        Error<OcspView>("ocsp_answers_something", "RFC 6960 4.2.1", r =>
            When(r.Response.Responses.Count == 0, "no certificate is answered for")) with { Since = Always },

        Warning<OcspView>("ocsp_answers_once", "RFC 6960 4.2.1", r =>
            Unless(
                r.Response.Responses.Count < 2
                    || r.Response.Responses.DistinctBy(s => Convert.ToHexString(s.CertId.Der.Span)).Count()
                        == r.Response.Responses.Count,
                "a certificate is answered for twice")) with { Since = Always },

        Error<OcspView>("ocsp_responder_is_named_by_sha1", "RFC 6960 4.2.1", r =>
            When(
                r.Response.ResponderKeyHash is { Length: not Sha1Octets },
                "the responder's key hash is not a SHA-1")) with { Since = Always },

        Warning<OcspView>("ocsp_signature_is_not_sha1", "RFC 6194 3", r =>
            When(r.Response.Algorithm == SignatureAlgorithm.Sha1WithRsa, "signed with SHA-1"))
            with { Since = new(2014, 1, 1) },

        Error<OcspView>("ocsp_news_is_not_of_the_future", "RFC 6960 4.2.2.1", r =>
            When(r.Any(s => s.ThisUpdate > r.Response.ProducedAt), "thisUpdate is after producedAt"))
            with { Since = Always },

        Error<OcspView>("ocsp_next_is_later", "RFC 6960 4.2.2.1", r =>
            When(r.Any(s => s.NextUpdate <= s.ThisUpdate), "nextUpdate is not after thisUpdate"))
            with { Since = Always },

        Warning<OcspView>("ocsp_revocation_is_of_the_past", "RFC 6960 4.2.1", r =>
            When(r.Any(s => s.RevokedAt > s.ThisUpdate), "revoked after thisUpdate")) with { Since = Always },

        Error<OcspView>("ocsp_reason_is_one", "RFC 5280 5.3.1", r =>
            When(
                r.Any(s => s.Reason is { } reason && !Enum.IsDefined((CrlReason)reason)),
                "a reason that is none")) with { Since = Always },

        Notice<OcspView>("ocsp_nonce_is_short", "RFC 9654 2.1", r =>
            When(r.Response.Nonce is { Length: > LongestNonce }, "a nonce of more than 32 octets"))
            with { Since = new(2024, 11, 1) },

        Error<OcspView>("ocsp_certificates_can_be_read", "RFC 6960 4.2.1", r =>
            Unless(r.Signers.AreReadable, "an enclosed certificate cannot be read"))
            with { Since = Always },

        Warning<OcspView>("ocsp_delegate_may_sign", "RFC 6960 4.2.2.2", r =>
            When(
                r.Response.Certificates.Count > 0 && r.Response.ResponderKeyHash is { } hash
                    && !r.Signers.Delegates.Any(key => hash.Span.SequenceEqual(key)),
                "no enclosed certificate is the responder's, with the purpose OCSPSigning")) with { Since = Always },

        Error<OcspView>("cps_ocsp_reason", "CPS 4-4-4-2", r =>
            When(
                r.Signers.AreOurs && r.Any(s => s is { Status: CertStatus.Revoked, Reason: not (>= 1 and <= 5) }),
                "revoked without one of the five reasons")) with { Since = Always },
    ];
}
