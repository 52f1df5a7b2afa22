using System.Collections.Immutable;

namespace Jpki.ControlRoom.Registers;

/// <summary>An entry as somebody typed it; nothing of it is checked yet.</summary>
public sealed record EntryDraft
{
    /// <summary>The day of the paper. 日付</summary>
    public string Date { get; init; } = "";

    /// <summary>Where the paper lies. 保管場所</summary>
    public string Place { get; init; } = "";

    /// <summary>By when something must follow. 期限</summary>
    public string Due { get; init; } = "";

    /// <summary>Why an earlier entry is corrected. 訂正の理由</summary>
    public string Reason { get; init; } = "";

    /// <summary>True when nothing more follows. 完了</summary>
    public bool Closes { get; init; }

    /// <summary>The register's own fields, by name.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = ImmutableDictionary<string, string>.Empty;

    public AttachedFile? File { get; init; }

    public string this[string field] => Fields.GetValueOrDefault(field, "");
}

/// <summary>A scanned paper or the like. 添付</summary>
/// <param name="Name">As its owner calls it; without folders.</param>
/// <param name="Octets">At most 10 MiB.</param>
public sealed record AttachedFile(string Name, ReadOnlyMemory<byte> Octets)
{
    public const int MostOctets = 10 * 1024 * 1024;
}

/// <summary>What is wrong in what was typed. 記入の誤り</summary>
/// <param name="Field">The field's name.</param>
/// <param name="Text">For the person who typed it.</param>
public sealed record FieldTrouble(string Field, string Text);
