using System.Collections.Immutable;
using System.Security.Cryptography;
using Jpki.Cps;

namespace Jpki.ControlRoom.Registers;

/// <summary>Whether what was typed may stand in a register. 記入の規則</summary>
public static class EntryRules
{
    private static readonly RegisterField Date = new("date", FieldKind.Date, "日付", "date");

    private static readonly RegisterField Place = new("place", FieldKind.Text, "保管場所", "place");

    private static readonly RegisterField DueOn = new("due", FieldKind.Date, "対応の期限", "to be followed up by");

    private static readonly RegisterField Reason = new("reason", FieldKind.Text, "訂正の理由", "reason of the correction");

    /// <summary>What a form asks, in its order: the register's own fields between those of every entry.</summary>
    public static IEnumerable<RegisterField> FormFields(Register register, EntryKind kind)
    {
        if (kind == EntryKind.Correction)
            yield return Reason;
        if (kind == EntryKind.FollowUp || register.DatedBy is null)
            yield return Date;
        foreach (var field in kind == EntryKind.FollowUp ? register.FollowUp!.Fields : register.Fields)
            yield return field;
        yield return Place with { IsRequired = IsOnPaper(register, kind) };
        if (register.FollowUp is { } followUp)
            yield return DueOn with { IsRequired = kind != EntryKind.FollowUp && followUp.OnlyWhen is null };
    }

    /// <summary>All that is wrong with the draft; or, when nothing is, the entry it makes.</summary>
    public static (CheckedEntry? Entry, IReadOnlyList<FieldTrouble> Troubles) Check(
        Register register, EntryKind kind, EntryDraft draft, DateOnly today)
    {
        List<FieldTrouble> troubles = [];
        var asked = kind == EntryKind.FollowUp ? register.FollowUp!.Fields : register.Fields;
        var needed = kind == EntryKind.FollowUp && draft.Closes ? register.FollowUp!.NeededToClose : [];
        foreach (var name in draft.Fields.Keys.Where(name => asked.All(f => f.Name != name)))
            troubles.Add(new(name, "この帳簿にない項目です。"));
        ImmutableArray<FieldValue> fields = [
            .. asked.Select(f => f with { IsRequired = f.IsRequired || needed.Contains(f.Name) })
                .Select(f => new FieldValue(f.Name, Read(f, draft[f.Name], troubles))).Where(f => f.Value.Length > 0)];
        var dated = Dated(register, kind, draft, fields, today, troubles);
        EntryContents contents = new()
        {
            Series = register.Series,
            Kind = kind,
            Dated = dated,
            Place = Optional(Read(Place with { IsRequired = IsOnPaper(register, kind) }, draft.Place, troubles)),
            Due = Due(register, kind, draft, fields, dated, troubles),
            Reason = kind == EntryKind.Correction ? Read(Reason, draft.Reason, troubles) : null,
            Closes = kind == EntryKind.FollowUp && draft.Closes,
            Fields = fields,
            FileName = draft.File is { } file ? FileName(file, troubles) : null,
            FileSha256 = draft.File is { } octets ? Convert.ToHexString(SHA256.HashData(octets.Octets.Span)) : null,
        };
        return troubles.Count > 0 ? (null, troubles) : (new(register, contents, draft.File?.Octets), []);
    }

    /// <summary>Whether an entry with these fields waits for another; then it must say until when.</summary>
    internal static bool IsFollowedUp(Register register, Func<string, string> value) =>
        register.FollowUp is { } followUp
        && (followUp.OnlyWhen is not { } only || value(only.Field) == only.Choice);

    private static bool IsOnPaper(Register register, EntryKind kind) =>
        register.Medium == Medium.Paper && kind != EntryKind.FollowUp;

    private static string Read(RegisterField field, string typed, List<FieldTrouble> troubles)
    {
        var (value, trouble) = FieldReading.Read(field, typed);
        if (trouble is not null)
            troubles.Add(new(field.Name, trouble));
        return value;
    }

    private static DateOnly Dated(
        Register register, EntryKind kind, EntryDraft draft, ImmutableArray<FieldValue> fields, DateOnly today,
        List<FieldTrouble> troubles)
    {
        var field = kind == EntryKind.FollowUp ? null : register.DatedBy;
        var text = field is null ? draft.Date : fields.FirstOrDefault(f => f.Name == field)?.Value.Split('T')[0] ?? "";
        if (FieldReading.Day(text.Trim()) is not { } day)
        {
            if (field is null)
                troubles.Add(new("date", "日付は 2026-11-23 のように年月日で記入してください。"));
            return today;
        }
        if (day > today)
            troubles.Add(new(field ?? "date", "日付が未来です。"));
        return day;
    }

    private static DateOnly? Due(
        Register register, EntryKind kind, EntryDraft draft, ImmutableArray<FieldValue> fields, DateOnly dated,
        List<FieldTrouble> troubles)
    {
        var isOpen = kind == EntryKind.FollowUp
            ? !draft.Closes
            : IsFollowedUp(register, name => fields.FirstOrDefault(f => f.Name == name)?.Value ?? "");
        var typed = draft.Due.Trim();
        var due = FieldReading.Day(typed);
        if (!isOpen && typed.Length > 0)
            troubles.Add(new("due", "対応を要しない記入には期限を付けません。"));
        else if (isOpen && due is null)
            troubles.Add(new("due", "期限は 2026-11-23 のように年月日で記入してください。"));
        else if (due < dated)
            troubles.Add(new("due", "期限が日付より前です。"));
        return due;
    }

    private static string? FileName(AttachedFile file, List<FieldTrouble> troubles)
    {
        var name = file.Name[(file.Name.LastIndexOfAny(['/', '\\']) + 1)..];
        if (file.Octets.Length is 0 or > AttachedFile.MostOctets)
            troubles.Add(new("file", "添付は 10 MB までの空でないファイルです。"));
        if (name.Length is 0 or > FieldReading.LongestText || name.Any(char.IsControl) || name.Any(char.IsSurrogate))
            troubles.Add(new("file", "添付のファイル名が使えません。"));
        return name;
    }

    private static string? Optional(string value) => value.Length == 0 ? null : value;
}
