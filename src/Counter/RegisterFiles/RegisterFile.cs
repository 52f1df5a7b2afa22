using Jpki.Cps;

namespace Jpki.Counter.RegisterFiles;

/// <summary>What a line of a file says happened to a person. 異動</summary>
internal enum RegisterChange
{
    /// <summary>追加; every line of a full file.</summary>
    Added,

    /// <summary>変更: the line has all values as they are now.</summary>
    Changed,

    /// <summary>死亡</summary>
    Died,

    /// <summary>転出</summary>
    Left,
}

/// <summary>One line of a file. Of one who died or left only the id counts.</summary>
internal sealed record RegisterLine(int Line, RegisterChange Change, Resident Resident);

/// <summary>A file that was read without an error. The form is in docs/api/REGISTER-FILES.md.</summary>
internal sealed record RegisterFile
{
    public required Municipality Municipality { get; init; }

    /// <summary>1, 2, 3 … within the municipality.</summary>
    public required int Number { get; init; }

    /// <summary>全件, everybody; or 差分, what changed.</summary>
    public required bool IsFull { get; init; }

    public required IReadOnlyList<RegisterLine> Lines { get; init; }

    /// <summary>SHA-256 of the file, upper-case hexadecimal.</summary>
    public required string Digest { get; init; }

    public override string ToString() => $"register file {Municipality.Code5}/{Number}";
}

/// <summary>What is wrong in a file, and where.</summary>
/// <param name="Line">From 1; 0 when it is about the whole file.</param>
/// <param name="Column">The column's name; empty when it is about the whole line.</param>
/// <param name="Text">For the person who sent the file; repeats nothing of it.</param>
public sealed record RegisterFileError(int Line, string Column, string Text);

/// <summary>A line that fits nobody, or somebody else than it says: it changed nothing, and the others stand.</summary>
public sealed record UnmatchedLine(int Line, string ResidentId, string Text);

/// <summary>What became of a file: taken as a whole, or not at all. 取込結果</summary>
public sealed record RegisterReport
{
    /// <summary>Empty when not even that can be read.</summary>
    public string Municipality { get; init; } = "";

    public int Number { get; init; }

    public bool IsTaken => Errors.Count == 0;

    public int Added { get; init; }

    public int Changed { get; init; }

    /// <summary>Who died or left.</summary>
    public int Removed { get; init; }

    /// <summary>The certificates that end by it.</summary>
    public int Ended { get; init; }

    public IReadOnlyList<UnmatchedLine> Unmatched { get; init; } = [];

    /// <summary>At most 200.</summary>
    public IReadOnlyList<RegisterFileError> Errors { get; init; } = [];
}
