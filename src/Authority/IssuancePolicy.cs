using Jpki.Cps;
using Jpki.Cps.Keys;
using Jpki.Forms;

namespace Jpki.Authority;

/// <summary>Why the governor may refuse to issue, as far as the notice alone shows. 発行申請の拒否</summary>
internal static class IssuancePolicy
{
    /// <summary>The first objection; null when there is none.</summary>
    /// <param name="notice">What is asked.</param>
    /// <param name="request">Its key.</param>
    /// <param name="terminal">Who asks.</param>
    /// <param name="policy">Which keys are strong here.</param>
    /// <param name="known">Keys known to be weak.</param>
    /// <param name="today">In Japan, by the Authority's own clock.</param>
    public static Refusal? Objection(
        IssuanceNotice notice, AskedKey request, Caller terminal, CryptoPolicy policy, WeakKeyList known,
        DateOnly today) =>
        ComesFromElsewhere(notice, terminal)
        ?? SubjectCommonName.Objection(notice.SubjectCommonName, terminal.Id)
        ?? AttributesAreWrong(notice, today)
        ?? ObjectionToKey(request, policy, known);

    /// <summary>A key that is weak, or not proven to be the requester's.</summary>
    public static Refusal? ObjectionToKey(AskedKey request, CryptoPolicy policy, WeakKeyList known) =>
        WeakKeys.Objection(request.PublicKey, policy, known) ?? KeyIsNotProven(request);

    /// <summary>A key that the books have seen before.</summary>
    public static Refusal? ObjectionToKnown(CertificateRow? seen) => seen switch
    {
        null => null,
        { WhyRevoked: RevocationReason.KeyCompromise } =>
            new("4-4-1-1", "public key: it was revoked because it is compromised"),
        _ => new("6-1-2-1", "public key: it was certified before; a key pair is made anew for each certificate"),
    };

    private static Refusal? ComesFromElsewhere(IssuanceNotice notice, Caller terminal) =>
        notice.Municipality != terminal.Municipality
            ? new("5-1-2-2", $"terminal {terminal.Id} is not of municipality {notice.Municipality}")
            : null;

    private static Refusal? AttributesAreWrong(IssuanceNotice notice, DateOnly today) =>
        Municipalities.Find(notice.Municipality) is { } municipality
            ? AttributeRules.Objection(notice.Attributes, municipality, today)
            : new("5-1-2-2", $"there is no municipality {notice.Municipality}") { Field = "municipality" };

    private static Refusal? KeyIsNotProven(AskedKey request) =>
        request.IsProven() ? null : new("3-1-11", "the request is not signed with the key it asks a certificate for");
}
