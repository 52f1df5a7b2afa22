using System.Collections.Immutable;
using Jpki.Cps;

namespace Jpki.ControlRoom.Registers;

/// <summary>What is wrong in a CSV file, and where.</summary>
/// <param name="Line">From 1, of the file; 0 when it is about the whole file.</param>
/// <param name="Column">The column's name; empty when it is about the whole line.</param>
/// <param name="Text">For the person who brought the file.</param>
public sealed record ImportTrouble(int Line, string Column, string Text);

/// <summary>A CSV file read by a register's rules: every row an entry, or troubles and no entry at all. 取込</summary>
internal sealed record ImportReading
{
    /// <summary>More are counted, not listed.</summary>
    public const int MostTroubles = 200;

    private static readonly (string Name, string Japanese)[] Frame =
        [("date", "日付"), ("place", "保管場所"), ("due", "期限")];

    /// <summary>Empty when there are troubles.</summary>
    public required ImmutableArray<CheckedEntry> Entries { get; init; }

    public required ImmutableArray<ImportTrouble> Troubles { get; init; }

    public int TroubleCount { get; init; }

    /// <summary>The columns a file may have; the header names them in Japanese or by name, in any order.</summary>
    public static IEnumerable<(string Name, string Japanese, bool IsRequired)> Columns(Register register)
    {
        foreach (var (name, japanese) in Frame)
        {
            if (name == "date" && register.DatedBy is null)
                yield return (name, japanese, true);
            if (name == "place")
                yield return (name, japanese, register.Medium == Medium.Paper);
            if (name == "due" && register.FollowUp is { } followUp)
                yield return (name, japanese, followUp.OnlyWhen is null);
        }
        foreach (var field in register.Fields)
            yield return (field.Name, field.Japanese, field.IsRequired);
    }

    public static ImportReading Read(Register register, ReadOnlySpan<byte> octets, DateOnly today)
    {
        try
        {
            if (CsvText.Read(octets) is not [var header, .. var rows])
                return Failed([new(0, "", "ファイルが空です。")]);
            var (columns, troubles) = Header(register, header);
            return troubles.Length > 0 ? Failed(troubles) : Rows(register, columns, rows, today);
        }
        catch (FormatException e)
        {
            return Failed([new(0, "", e.Message)]);
        }
    }

    private static ImportReading Failed(ImmutableArray<ImportTrouble> troubles) =>
        new() { Entries = [], Troubles = troubles, TroubleCount = troubles.Length };

    private static (string[] Columns, ImmutableArray<ImportTrouble> Troubles) Header(
        Register register, CsvRecord header)
    {
        var known = Columns(register).ToList();
        var names = header.Values.Select(typed => known.FirstOrDefault(c =>
            FieldReading.Fold(typed.Trim()) is var folded
            && (folded == FieldReading.Fold(c.Name) || folded == FieldReading.Fold(c.Japanese))).Name).ToArray();
        return ([.. names.Select(n => n ?? "")],
        [
            .. header.Values.Zip(names).Where(c => c.Second is null)
                .Select(c => new ImportTrouble(header.Line, Shorten(c.First), "この帳簿にない列です。")),
            .. names.OfType<string>().GroupBy(n => n).Where(g => g.Count() > 1)
                .Select(g => new ImportTrouble(header.Line, Label(register, g.Key), "同じ列が二つあります。")),
            .. known.Where(c => c.IsRequired && !names.Contains(c.Name))
                .Select(c => new ImportTrouble(header.Line, c.Japanese, "必要な列がありません。")),
        ]);
    }

    private static ImportReading Rows(
        Register register, string[] columns, CsvRecord[] rows, DateOnly today)
    {
        var entries = ImmutableArray.CreateBuilder<CheckedEntry>(rows.Length);
        List<ImportTrouble> troubles = [];
        var count = 0;
        foreach (var row in rows)
        {
            var (entry, wrong) = Row(register, columns, row, today);
            count += wrong.Count;
            troubles.AddRange(wrong.Take(MostTroubles - troubles.Count));
            if (entry is not null)
                entries.Add(entry);
        }
        return new()
        {
            Entries = count > 0 ? [] : entries.ToImmutable(),
            Troubles = [.. troubles],
            TroubleCount = count,
        };
    }

    private static (CheckedEntry? Entry, IReadOnlyList<ImportTrouble> Troubles) Row(
        Register register, string[] columns, CsvRecord row, DateOnly today)
    {
        if (row.Values.Length != columns.Length)
            return (null, [new(row.Line, "", $"列が {row.Values.Length} 個あります。見出しは {columns.Length} 個です。")]);
        var values = columns.Zip(row.Values).ToDictionary(c => c.First, c => c.Second);
        EntryDraft draft = new()
        {
            Date = Take("date"),
            Place = Take("place"),
            Due = Take("due"),
            Fields = values,
        };
        var (entry, troubles) = EntryRules.Check(register, EntryKind.First, draft, today);
        return (entry, [.. troubles.Select(t => new ImportTrouble(row.Line, Label(register, t.Field), t.Text))]);

        string Take(string name) => values.Remove(name, out var value) ? value : "";
    }

    private static string Label(Register register, string name) =>
        Columns(register).FirstOrDefault(c => c.Name == name).Japanese ?? name;

    private static string Shorten(string text) => text.Length > 40 ? text[..40] + "…" : text;
}
