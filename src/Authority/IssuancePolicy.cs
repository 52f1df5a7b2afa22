using Jpki.Cps;
using Jpki.Cps.Keys;
using Jpki.Cps.Lint;
using Jpki.Forms;
using Jpki.X509;

namespace Jpki.Authority;

/// <summary>Why the governor may refuse to issue, as far as the notice alone shows. 発行申請の拒否</summary>
internal static class IssuancePolicy
{
    private const int SubjectCommonNameLength = 28;
    private const int AddressLength = 200;
    private const int NameLength = 200;

    /// <summary>The first objection; null when there is none.</summary>
    public static Refusal? Objection(
        IssuanceNotice notice, CertificationRequest request, Caller terminal, AuthorityOptions site) =>
        ComesFromElsewhere(notice, terminal)
        ?? SubjectIsMisshapen(notice, terminal)
        ?? AttributesAreIncomplete(notice.Attributes)
        ?? BirthDateIsImpossible(notice)
        ?? ObjectionToKey(request, site.Policy, site.WeakKeys);

    /// <summary>A key that is weak, or not proven to be the requester's.</summary>
    public static Refusal? ObjectionToKey(CertificationRequest request, CryptoPolicy policy, WeakKeyList known) =>
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

    private static Refusal? SubjectIsMisshapen(IssuanceNotice notice, Caller terminal) =>
        notice.SubjectCommonName.Length != SubjectCommonNameLength
        || !notice.SubjectCommonName[..19].All(char.IsAsciiDigit)
        || notice.SubjectCommonName[19..] != terminal.Id
            ? new("3-1-1", "the subject's CN is not 14 digits of time, 5 of sequence and the terminal's 9 characters")
            : null;

    private static Refusal? AttributesAreIncomplete(CertifiedAttributes person) => person switch
    {
        { CommonName.Length: 0 or > NameLength } => new("3-1-7", "name: empty or over 200 characters"),
        { Address.Length: 0 or > AddressLength } => new("3-1-7", "address: empty or over 200 characters"),
        _ when !IsFlagString(person.CommonNameSubstitutes, person.CommonName) =>
            new("4-2-2", "the substitute flags of the name are not one 0 or 1 per character"),
        _ when !IsFlagString(person.AddressSubstitutes, person.Address) =>
            new("4-2-2", "the substitute flags of the address are not one 0 or 1 per character"),
        _ => null,
    };

    private static bool IsFlagString(string flags, string text) =>
        flags.Length == text.EnumerateRunes().Count() && flags.All(f => f is '0' or '1');

    private static Refusal? BirthDateIsImpossible(IssuanceNotice notice) =>
        BirthDates.IsPossible(notice.Attributes.BirthDate.Code, JapanTime.DayOf(notice.At))
            ? null
            : new("3-1-7", "date of birth: there is no such day");

    private static Refusal? KeyIsNotProven(CertificationRequest request) =>
        request.IsSelfSigned ? null : new("3-1-11", "the request is not signed with the key it asks a certificate for");
}
