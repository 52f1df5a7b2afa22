using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
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
                    && !BirthDates.IsPossible(code, JapanTime.DayOf(c.Certificate.NotBefore)),
                "date of birth: impossible")),

        Resident("cps_holder_birth_era", LintLevel.Warning, "CPS 3-1-7", c =>
            When(
                Value(c, HolderNames.BirthDateOid) is { } code && !BirthDates.IsInItsEra(code),
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

/// <summary>EYYYYMMDD: the era's digit, a Gregorian date, 0 for what is unknown. 生年月日 (CPS 3-1-7)</summary>
public static class BirthDates
{
    private const int FirstYear = 1868;

    /// <summary>The last days of Meiji, Taisho, Showa and Heisei.</summary>
    private static readonly DateOnly[] LastDays =
        [new(1912, 7, 29), new(1926, 12, 24), new(1989, 1, 7), new(2019, 4, 30)];

    /// <summary>Nine digits, a day that there was, not after <paramref name="today"/>.</summary>
    public static bool IsPossible(string code, DateOnly today)
    {
        if (code.Length != 9 || code.AsSpan().IndexOfAnyExceptInRange('0', '9') >= 0 || code[0] > '5')
            return false;
        var (year, month, day) = Parts(code);
        if (year is not (0 or >= FirstYear) || month > 12)
            return false;
        var days = month == 0 ? 31 : DateTime.DaysInMonth(year == 0 ? 2000 : year, month);
        var earliest = new DateOnly(year == 0 ? 1 : year, Math.Max(month, 1), 1).AddDays(Math.Max(day, 1) - 1);
        return day <= days && (year == 0 || earliest <= today);
    }

    /// <summary>True also when era or date are unknown, or the date is impossible.</summary>
    public static bool IsInItsEra(string code)
    {
        if (!IsPossible(code, DateOnly.MaxValue) || code[0] == '0')
            return true;
        var (year, month, day) = Parts(code);
        if (year == 0 || month == 0 || day == 0)
            return true;
        DateOnly date = new(year, month, day);
        return code[0] - '0' == 1 + LastDays.Count(last => date > last);
    }

    private static (int Year, int Month, int Day) Parts(string code) =>
        (Number(code.AsSpan(1, 4)), Number(code.AsSpan(5, 2)), Number(code.AsSpan(7, 2)));

    private static int Number(ReadOnlySpan<char> digits) => int.Parse(digits, CultureInfo.InvariantCulture);
}
