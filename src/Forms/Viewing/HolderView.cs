using System.Globalization;
using Jpki.Cps;
using Jpki.X509;

namespace Jpki.Forms.Viewing;

/// <summary>The six otherName values of a holder's certificate, decoded. 基本4情報 (CPS 4-2-2)</summary>
internal static class HolderView
{
    private const string OurArc = "1.2.392.200149.8.5.5.";

    /// <summary>Whether any of them is there.</summary>
    public static bool IsIn(IReadOnlyList<GeneralName> names) => names.Any(IsHolderAttribute);

    public static void Fill(Sheet sheet, IReadOnlyList<GeneralName> names)
    {
        AddMarked(sheet, "commonName", Find(names, HolderNames.CommonNameOid),
            "commonNameSubstitutes", Find(names, HolderNames.CommonNameSubstitutesOid));
        if (Find(names, HolderNames.BirthDateOid) is { } birth)
            sheet.Add("birthDate", BirthDate(sheet, birth), birth);
        if (Find(names, HolderNames.GenderOid) is { } gender)
            sheet.Add("gender", Gender(sheet, gender), gender);
        AddMarked(sheet, "address", Find(names, HolderNames.AddressOid),
            "addressSubstitutes", Find(names, HolderNames.AddressSubstitutesOid));
    }

    /// <summary>昭和55年（1980年）2月17日; digits that are no date are said to be none.</summary>
    private static string BirthDate(Sheet sheet, string code)
    {
        if (Eras.Parse(code) is not { } date || !Eras.IsPossible(date))
            return sheet.Say($"{code}（暦にない日付）", $"{code} (not a date)");
        return sheet.Options.Language == ReaderLanguage.Japanese ? Eras.ForPeople(date) : InEnglish(date);
    }

    private static string InEnglish(BirthDate date)
    {
        var era = Eras.RomajiOf(date.Era);
        if (date.Year == 0)
            return era.Length == 0 ? "unknown" : $"unknown, in {era}";
        var day = date.Day == 0 ? "" : $"{date.Day} ";
        var month = date.Month == 0 ? "" : CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName(date.Month) + " ";
        var unknown = date.Month == 0 ? ", month and day unknown" : date.Day == 0 ? ", day unknown" : "";
        return $"{day}{month}{date.Year}{(era.Length == 0 ? "" : $" ({era} {Eras.YearInEra(date)})")}{unknown}";
    }

    private static string Gender(Sheet sheet, string code) => code switch
    {
        "1" => sheet.Say("男", "male"),
        "2" => sheet.Say("女", "female"),
        "3" => sheet.Say("不明", "unknown"),
        "9" => sheet.Say("適用不能", "not applicable"),
        _ => sheet.Say($"定めのない値 {code}", $"no such code: {code}"),
    };

    private static void AddMarked(Sheet sheet, string key, string? text, string flagsKey, string? flags)
    {
        if (text is not null)
        {
            var shown = Printable.Text(text);
            sheet.Add(new(key, sheet.Say(Labels.Of(key)), shown)
            {
                Marks = shown == text && flags?.Length == text.Length && flags.Contains('1') ? flags : null,
            });
        }
        if (flags is not null)
            sheet.Add(flagsKey, Explained(sheet, text ?? "", flags), flags);
    }

    private static string Explained(Sheet sheet, string text, string flags)
    {
        if (flags.Length != text.Length || flags.Any(f => f is not ('0' or '1')))
        {
            return sheet.Say(
                $"{flags}（{text.Length}文字と対応しない）", $"{flags} (does not match {text.Length} characters)");
        }
        var marked = text.Index().Where(c => flags[c.Index] == '1').Select(c => sheet.Options.Language
            == ReaderLanguage.Japanese ? $"{c.Index + 1}文字目「{c.Item}」" : $"character {c.Index + 1} {c.Item}").ToArray();
        return marked.Length == 0
            ? sheet.Say("代替文字なし", "no substitutes")
            : string.Join(sheet.Say("、", ", "), marked);
    }

    private static string? Find(IReadOnlyList<GeneralName> names, string oid) =>
        names.FirstOrDefault(n => n.OtherNameOid == oid)?.Text;

    private static bool IsHolderAttribute(GeneralName name) =>
        name.OtherNameOid?.StartsWith(OurArc, StringComparison.Ordinal) == true;
}
