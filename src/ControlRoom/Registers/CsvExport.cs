using System.Buffers;
using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Jpki.Cps;

namespace Jpki.ControlRoom.Registers;

/// <summary>
/// A register as CSV (RFC 4180) for a spreadsheet. A value that a spreadsheet would run as a formula gets an apostrophe
/// before it.
/// </summary>
internal static class CsvExport
{
    private static readonly string[] Frame = ["番号", "元の番号", "種別", "日付", "記入日時", "記入者", "保管場所", "期限", "完了", "訂正の理由"];

    private static readonly SearchValues<char> Special = SearchValues.Create("\",\r\n ");

    private static readonly CsvConfiguration Format = new(CultureInfo.InvariantCulture)
    {
        NewLine = "\r\n",
        ShouldQuote = cell => cell.Field.AsSpan().ContainsAny(Special),
        InjectionOptions = InjectionOptions.Escape,
        InjectionEscapeCharacter = '\'',
        InjectionCharacters = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'],
    };

    public static byte[] Write(Register register, IEnumerable<RegisterEntry> entries)
    {
        using MemoryStream octets = new();
        using (StreamWriter text = new(octets, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true)))
        using (CsvWriter csv = new(text, Format))
        {
            RegisterField[] followUps = [.. register.FollowUp?.Fields ?? []];
            Row(csv, [
                .. Frame, .. register.Fields.Select(f => f.Japanese), .. followUps.Select(f => $"対応：{f.Japanese}"),
                "添付", "添付の SHA-256", "SHA-256"]);
            foreach (var entry in entries)
                Row(csv, [.. Before(entry), .. Fields(register, followUps, entry), .. After(entry)]);
        }
        return octets.ToArray();
    }

    private static IEnumerable<string> Before(RegisterEntry entry) =>
    [
        entry.Number, entry.First == entry.Number ? "" : entry.First, Name(entry.Kind), FieldReading.Iso(entry.Dated),
        entry.WrittenAt.ToOffset(JapanTime.Offset).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        entry.WrittenBy, entry.Contents?.Place ?? "",
        entry.Contents?.Due is { } due ? FieldReading.Iso(due) : "", entry.Contents is { Closes: true } ? "完了" : "",
        entry.Contents?.Reason ?? "",
    ];

    private static IEnumerable<string> Fields(Register register, RegisterField[] followUps, RegisterEntry entry)
    {
        var isFollowUp = entry.Kind == EntryKind.FollowUp;
        return register.Fields.Select(f => isFollowUp ? "" : Value(f))
            .Concat(followUps.Select(f => isFollowUp ? Value(f) : ""));

        string Value(RegisterField field) => FieldReading.ForPeople(field, entry.Contents?[field.Name] ?? "");
    }

    private static IEnumerable<string> After(RegisterEntry entry) =>
        [entry.Contents?.FileName ?? "", entry.FileSha256 ?? "", entry.Sha256];

    internal static string Name(EntryKind kind) => kind switch
    {
        EntryKind.First => "記入",
        EntryKind.Correction => "訂正",
        EntryKind.FollowUp => "対応",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static void Row(CsvWriter csv, IEnumerable<string> values)
    {
        foreach (var value in values)
            csv.WriteField(value);
        csv.NextRecord();
    }
}
