using Jpki.Cps;
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
        IssuanceNotice notice, CertificationRequest request, Caller terminal, int smallestRsaKey) =>
        ComesFromElsewhere(notice, terminal)
        ?? SubjectIsMisshapen(notice, terminal)
        ?? AttributesAreIncomplete(notice.Attributes)
        ?? BirthDateIsImpossible(notice)
        ?? KeyIsNotProven(request)
        ?? KeyIsWeak(request.PublicKey, smallestRsaKey);

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
        { CommonName.Length: 0 or > NameLength } => new("3-1-7", "the name is empty or too long"),
        { Address.Length: 0 or > AddressLength } => new("3-1-7", "the address is empty or over 200 characters"),
        _ when !IsFlagString(person.CommonNameSubstitutes, person.CommonName) =>
            new("4-2-2", "the substitute flags of the name are not one 0 or 1 per character"),
        _ when !IsFlagString(person.AddressSubstitutes, person.Address) =>
            new("4-2-2", "the substitute flags of the address are not one 0 or 1 per character"),
        _ => null,
    };

    private static bool IsFlagString(string flags, string text) =>
        flags.Length == text.EnumerateRunes().Count() && flags.All(f => f is '0' or '1');

    private static Refusal? BirthDateIsImpossible(IssuanceNotice notice)
    {
        var (_, year, month, day) = notice.Attributes.BirthDate;
        var isPossible = year is 0 or (>= 1868 and <= 9999) && month is >= 0 and <= 12
            && day >= 0 && day <= (month == 0 ? 31 : DateTime.DaysInMonth(year == 0 ? 2000 : year, month))
            && (year == 0 || year <= JapanTime.DayOf(notice.At).Year);
        return isPossible ? null : new("3-1-7", "the date of birth is impossible");
    }

    private static Refusal? KeyIsNotProven(CertificationRequest request) =>
        request.IsSelfSigned ? null : new("3-1-11", "the request is not signed with the key it asks a certificate for");

    private static Refusal? KeyIsWeak(PublicKey key, int smallestRsaKey) =>
        key.IsRsa && key.Bits < smallestRsaKey
            ? new("6-3-2",
                $"a {key.Bits}-bit RSA key; at least {smallestRsaKey} bits are needed since 1024 were found weak")
            : null;
}
