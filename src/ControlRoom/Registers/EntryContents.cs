using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.ControlRoom.Registers;

/// <summary>Why an entry was written.</summary>
public enum EntryKind
{
    /// <summary>記入</summary>
    First,

    /// <summary>訂正: it says the whole again.</summary>
    Correction,

    /// <summary>対応</summary>
    FollowUp,
}

/// <summary>What an entry says. Its JSON is what the books keep and what its digest is of. 記載事項</summary>
public sealed record EntryContents
{
    public required string Series { get; init; }

    public required EntryKind Kind { get; init; }

    public required DateOnly Dated { get; init; }

    public string? Place { get; init; }

    public DateOnly? Due { get; init; }

    public string? Reason { get; init; }

    public bool Closes { get; init; }

    /// <summary>
    /// In the definition's order, each as <see cref="FieldReading"/> writes it; empty ones are left out.
    /// </summary>
    public required ImmutableArray<FieldValue> Fields { get; init; }

    public string? FileName { get; init; }

    public string? FileSha256 { get; init; }

    public string this[string field] => Fields.FirstOrDefault(f => f.Name == field)?.Value ?? "";

    internal static EntryContents Parse(string json) =>
        JsonSerializer.Deserialize<EntryContents>(json, FormJson.Options)!;

    internal string ToJson() => JsonSerializer.Serialize(this, FormJson.Options);

    /// <summary>Of the JSON's UTF-8; upper-case hexadecimal.</summary>
    internal static string Digest(string json) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(json)));

    /// <summary>The first fields, as a list shows them.</summary>
    internal string Summary(Register register) => string.Join("　", FieldsOf(register)
        .Select(f => FieldReading.ForPeople(f, this[f.Name])).Where(v => v.Length > 0).Take(4));

    internal ImmutableArray<RegisterField> FieldsOf(Register register) =>
        Kind == EntryKind.FollowUp ? register.FollowUp!.Fields : register.Fields;
}

/// <summary>One field that was filled in.</summary>
public sealed record FieldValue(string Name, string Value);

/// <summary>Contents that passed the register's rules; only <see cref="EntryRules"/> makes them.</summary>
public sealed record CheckedEntry
{
    internal CheckedEntry(Register register, EntryContents contents, ReadOnlyMemory<byte>? file) =>
        (Register, Contents, File) = (register, contents, file);

    public Register Register { get; }

    public EntryContents Contents { get; }

    internal ReadOnlyMemory<byte>? File { get; }
}
