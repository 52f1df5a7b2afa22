using Jpki.Forms;

namespace Jpki.Counter;

/// <summary>Whether a person is still on the register of this municipality.</summary>
public enum ResidentStatus
{
    Present,
    Died,
    Left,
}

/// <summary>One person on the resident register. 住民票の記載</summary>
public sealed record Resident
{
    /// <summary>
    /// Municipality and a number in it: <c>11201-000042</c>. Not the resident register code, which nobody may use
    /// here.
    /// </summary>
    public required string Id { get; init; }

    public required string Municipality { get; init; }

    public required FourAttributes Attributes { get; init; }

    /// <summary>氏名のふりがな, in katakana.</summary>
    public required string NameKana { get; init; }

    public bool IsForeign { get; init; }

    public ResidentStatus Status { get; init; }

    public override string ToString() => $"resident {Id}";
}
