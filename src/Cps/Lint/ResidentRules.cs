using System.Buffers;
using System.Collections.Immutable;
using Jpki.X509;
using static Jpki.Cps.Lint.Rules;

namespace Jpki.Cps.Lint;

/// <summary>A resident's subject and the six texts about the holder. (CPS 3-1-1, 3-1-7, 3-1-8, 4-2-2)</summary>
internal static class ResidentRules
{
    private const int CommonNameLength = 28;
    private const int DigitsOfCommonName = 19;
    private const int LongestText = 200;

    private static readonly SearchValues<char> LettersAndDigits =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public static readonly ImmutableArray<Rule<CertificateView>> All =
    [
        Resident("cps_holder_subject", LintLevel.Error, "CPS 3-1-1", c =>
            Unless(HasSubjectShape(c.Certificate.Subject), "subject: not C, L, L, CN")),

        Resident("cps_holder_common_name", LintLevel.Error, "CPS 3-1-1", c =>
            Unless(
                c.Certificate.Subject.Value(Oids.CommonName) is { Length: CommonNameLength } name
                    && name.AsSpan(0, DigitsOfCommonName).IndexOfAnyExceptInRange('0', '9') < 0
                    && !name.AsSpan().ContainsAnyExcept(LettersAndDigits),
                "subject: the CN is not 19 digits and the terminal's 9 characters")),

        Resident("cps_holder_names", LintLevel.Error, "CPS 4-2-2", c =>
            When(
                c.SubjectAltName is { } names && !AreInOrder(names),
                "subjectAltName: not the six names of a holder in their order")),

        Resident("cps_holder_names_are_utf8", LintLevel.Error, "CPS 4-2-2", c =>
            When(
                c.SubjectAltName?.Any(n => n is { Kind: GeneralNameKind.OtherName, IsUtf8: false }) == true,
                "subjectAltName: a value is not a UTF8String")),

        Resident("cps_holder_name_length", LintLevel.Error, "CPS 3-1-7", c =>
            When(
                Value(c, HolderNames.CommonNameOid) is { Length: 0 or > LongestText },
                "name: empty or over 200 characters")),

        Resident("cps_holder_address_length", LintLevel.Error, "CPS 3-1-7", c =>
            When(
                Value(c, HolderNames.AddressOid) is { Length: 0 or > LongestText },
                "address: empty or over 200 characters")),

        Resident("cps_holder_gender", LintLevel.Error, "CPS 3-1-7", c =>
            When(Value(c, HolderNames.GenderOid) is not (null or "1" or "2" or "3" or "9"), "gender: no such code")),

        Resident("cps_holder_birth_date", LintLevel.Error, "CPS 3-1-7", c =>
            When(
                Value(c, HolderNames.BirthDateOid) is { } code
                    && !IsPossible(code, JapanTime.DayOf(c.Certificate.NotBefore)),
                "date of birth: impossible")),

        Resident("cps_holder_birth_era", LintLevel.Warning, "CPS 3-1-7", c =>
            When(
                Value(c, HolderNames.BirthDateOid) is { } code && !IsInItsEra(code),
                "date of birth: not in the era before it")),

        Resident("cps_holder_substitutes", LintLevel.Error, "CPS 3-1-8", c =>
            Unless(
                Flags(c, HolderNames.CommonNameOid, HolderNames.CommonNameSubstitutesOid)
                    && Flags(c, HolderNames.AddressOid, HolderNames.AddressSubstitutesOid),
                "substitutes: not one 0 or 1 for each character")),
    ];

    private static Rule<CertificateView> Resident(
        string id, LintLevel level, string source, Func<CertificateView, string?> objection) =>
        new(id, level, source, c => c.Kind == CertificateKind.Resident ? objection(c) : null) { Since = Always };

    private static bool HasSubjectShape(Name subject) => subject.Rdns is
    [
        { Attributes: [{ Oid: Oids.CountryName }] },
        { Attributes: [{ Oid: Oids.LocalityName }] },
        { Attributes: [{ Oid: Oids.LocalityName }] },
        { Attributes: [{ Oid: Oids.CommonName }] },
    ];

    private static bool AreInOrder(IReadOnlyList<GeneralName> names)
    {
        if (names.Count != HolderNames.Order.Count)
            return false;
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i].OtherNameOid != HolderNames.Order[i])
                return false;
        }
        return true;
    }

    private static bool IsPossible(string code, DateOnly today) => Eras.Parse(code) is { } date
        && Enum.IsDefined(date.Era) && Eras.Objection(date with { Era = Era.Unknown }, today) is null;

    /// <summary>True also of an impossible date, which is another rule's.</summary>
    private static bool IsInItsEra(string code) => !IsPossible(code, DateOnly.MaxValue)
        || Eras.IsPossible(Eras.Parse(code)!.Value);

    private static string? Value(CertificateView c, string oid)
    {
        foreach (var name in c.SubjectAltName ?? [])
        {
            if (name.OtherNameOid == oid)
                return name.Text;
        }
        return null;
    }

    private static bool Flags(CertificateView c, string textOid, string flagsOid)
    {
        if (Value(c, textOid) is not { } text || Value(c, flagsOid) is not { } flags)
            return true;                                      // Another rule says what is missing.
        var characters = 0;
        foreach (var _ in text.EnumerateRunes())
            characters++;
        return flags.Length == characters && flags.AsSpan().IndexOfAnyExcept('0', '1') < 0;
    }
}
