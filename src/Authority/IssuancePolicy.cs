using Jpki.Cps;
using Jpki.Forms;
using Jpki.X509;

namespace Jpki.Authority;

/// <summary>Why the governor may refuse to issue, as far as the notice alone shows. 発行申請の拒否</summary>
internal static class IssuancePolicy
{
    /// <summary>The first objection; null when there is none.</summary>
    /// <param name="notice">What is asked.</param>
    /// <param name="request">Its certification request.</param>
    /// <param name="terminal">Who asks.</param>
    /// <param name="smallestRsaKey">In bits.</param>
    /// <param name="today">In Japan, by the Authority's own clock.</param>
    public static Refusal? Objection(
        IssuanceNotice notice, CertificationRequest request, Caller terminal, int smallestRsaKey, DateOnly today) =>
        ComesFromElsewhere(notice, terminal)
        ?? SubjectCommonName.Objection(notice.SubjectCommonName, terminal.Id)
        ?? AttributesAreWrong(notice, today)
        ?? KeyIsNotProven(request)
        ?? KeyIsWeak(request.PublicKey, smallestRsaKey);

    private static Refusal? ComesFromElsewhere(IssuanceNotice notice, Caller terminal) =>
        notice.Municipality != terminal.Municipality
            ? new("5-1-2-2", $"terminal {terminal.Id} is not of municipality {notice.Municipality}")
            : null;

    private static Refusal? AttributesAreWrong(IssuanceNotice notice, DateOnly today) =>
        Municipalities.Find(notice.Municipality) is { } municipality
            ? AttributeRules.Objection(notice.Attributes, municipality, today)
            : new("5-1-2-2", $"there is no municipality {notice.Municipality}") { Field = "municipality" };

    private static Refusal? KeyIsNotProven(CertificationRequest request) =>
        request.IsSelfSigned ? null : new("3-1-11", "the request is not signed with the key it asks a certificate for");

    private static Refusal? KeyIsWeak(PublicKey key, int smallestRsaKey) =>
        key.IsRsa && key.Bits < smallestRsaKey
            ? new("6-3-2",
                $"a {key.Bits}-bit RSA key; at least {smallestRsaKey} bits are needed since 1024 were found weak")
            : null;
}
