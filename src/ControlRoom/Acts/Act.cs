using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Jpki.Forms;

namespace Jpki.ControlRoom.Acts;

/// <summary>How far an act has come.</summary>
public enum ActState
{
    /// <summary>It waits for more people. 承認待ち</summary>
    Waiting = 0,

    /// <summary>Enough people agreed, and its end was not seen yet. 実施中</summary>
    Doing = 1,

    /// <summary>実施済み</summary>
    Done = 2,

    /// <summary>It was agreed on, and refused where it was to be done. 拒否</summary>
    Refused = 3,

    /// <summary>Somebody whose duty it is was against it, or it was taken back. 取下げ</summary>
    Dropped = 4,
}

/// <summary>A piece of work that several people agree on before it is done. 複数人による作業 (CPS 5-2-2①)</summary>
public sealed record Act
{
    public required string Id { get; init; }

    /// <summary>The name of its <see cref="ActKind"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>UTF-8 JSON, octet for octet what is agreed on.</summary>
    public required string OrderJson { get; init; }

    public required ActState State { get; init; }

    public required string ProposedBy { get; init; }

    public required DateTimeOffset ProposedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The instruction it follows; null where none is needed.</summary>
    public required string? Instruction { get; init; }

    public required ImmutableArray<Consent> Consents { get; init; }

    /// <summary>What it came to, or why it did not.</summary>
    public required string? Result { get; init; }

    /// <summary>Hashes of the halves of a one-time code, with a blank between.</summary>
    internal string? Secret { get; init; }

    /// <summary>SHA-256 of the order, in hexadecimal digits.</summary>
    public string Digest => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(OrderJson)));

    public bool HasEnded(DateTimeOffset at) => State == ActState.Waiting && at >= ExpiresAt;
}

/// <summary>What somebody's part in an act came to.</summary>
/// <param name="Act">As it is now.</param>
/// <param name="Half">His half of a one-time code, shown to him alone and never again; null where there is none.</param>
public sealed record ActStep(Act Act, string? Half);
