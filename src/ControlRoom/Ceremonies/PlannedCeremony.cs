using System.Text.Json;
using Jpki.Forms;
using Jpki.Hsm.Ceremonies;

namespace Jpki.ControlRoom.Ceremonies;

/// <summary>A key ceremony that two key custodians agreed on. 鍵の儀式の手順書</summary>
public sealed record PlannedCeremony
{
    /// <summary>Of the act by which it was agreed on.</summary>
    public required string Id { get; init; }

    public required string Title { get; init; }

    public required DateTimeOffset ApprovedAt { get; init; }

    /// <summary>SHA-256 of the file, in hexadecimal digits: the record names it.</summary>
    public required string Digest { get; init; }

    /// <summary>What <c>jpki ceremony run</c> follows.</summary>
    public required byte[] File { get; init; }

    /// <summary>What came of it; null while nobody has brought the record.</summary>
    public required CeremonyRecord? Record { get; init; }

    public required string? RecordedBy { get; init; }

    public CeremonyFile Plan => CeremonyFile.Read(File);

    internal static CeremonyRecord ReadRecord(byte[] octets) =>
        JsonSerializer.Deserialize<CeremonyRecord>(octets, FormJson.Options)
        ?? throw new JsonException("the record is empty");
}

/// <summary>Asks to agree on a ceremony's file: JSON text as reviewed, its seats' passwords left empty.</summary>
public sealed record CeremonyOrder(string File);
