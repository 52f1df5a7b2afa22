using System.Globalization;
using Jpki.Cps;

namespace Jpki.ControlRoom.Registers;

/// <summary>What the entries of two registers do to the others: the yearly look, and disposal. 記録の保管</summary>
internal static class ArchiveRules
{
    /// <summary>Null when the entry may be written.</summary>
    public static Refusal? Objection(EntryWriting writing, CheckedEntry entry) => entry.Register.Series switch
    {
        Cps.Registers.ReadabilitySeries => ObjectionToCheck(writing, entry.Contents),
        Cps.Registers.DisposalSeries when entry.Contents["number"] is { Length: > 0 } number =>
            ObjectionToDisposal(writing, number),
        _ => null,
    };

    /// <summary>Does what the entry says was done.</summary>
    public static void Apply(EntryWriting writing, CheckedEntry entry, string number)
    {
        var contents = entry.Contents;
        if (entry.Register.Series == Cps.Registers.ReadabilitySeries)
            writing.Checked(number, contents["series"], Year(contents));
        if (entry.Register.Series == Cps.Registers.DisposalSeries && contents["number"] is { Length: > 0 } target)
            writing.Empty(writing.Chain(SeriesOf(target), target)!);
    }

    /// <summary>
    /// By when the volume must be looked at again: the end of the fiscal year after the last look, or of the year it
    /// was begun in. (CPS 4-12-1-4, 4-12-2-6)
    /// </summary>
    public static DueMatter? DueCheck(Volume volume, DateOnly today)
    {
        var due = FiscalYear.LastDay(volume.LastChecked + 1 ?? volume.Year);
        return volume.LastChecked >= FiscalYear.Of(today)
            ? null
            : new(volume.Series, null, volume.Year, due, due < today);
    }

    private static Refusal? ObjectionToCheck(EntryWriting writing, EntryContents contents)
    {
        if (Cps.Registers.Find(contents["series"]) is not { } target)
            return new("4-12-1-4", "その分類記号の帳簿はありません。") { Field = "series" };
        return writing.HasVolume(target.Series, Year(contents))
            ? null
            : new(target.ReadabilityClause, $"{target.Japanese}に {Year(contents)} 年度の記入はありません。") { Field = "year" };
    }

    private static Refusal? ObjectionToDisposal(EntryWriting writing, string number)
    {
        if (Cps.Registers.Find(SeriesOf(number)) is not { } target
            || writing.Chain(target.Series, number) is not { } chain)
        {
            return new("5-1-1-9", "その番号の記入はありません。") { Field = "number" };
        }
        if (chain.DisposedOn is not null)
            return new(target.RetentionClause, $"{number} は廃棄済みです。") { Field = "number" };
        if (RegisterBooks.Day(chain.KeptUntil) >= writing.Today)
            return new(target.RetentionClause, $"{number} の保管期間は {chain.KeptUntil} までです。") { Field = "number" };
        return chain.Due is null
            ? null
            : new(target.Clause, $"{number} への対応が完了していません。") { Field = "number" };
    }

    private static string SeriesOf(string number) => number.Split('-')[0];

    private static int Year(EntryContents contents) =>
        int.TryParse(contents["year"], CultureInfo.InvariantCulture, out var year) ? year : 0;
}
