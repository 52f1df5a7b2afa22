using System.Collections.Immutable;

namespace Jpki.Forms;

/// <summary>Makes the next generation of the governor's key, and signs with it from then on. 鍵の更新 (CPS 4-13)</summary>
/// <param name="Generation">Which it is to be: the same order twice makes one key.</param>
/// <param name="Algorithm">What it is and signs with, as the site's file would name it; the site's when null.</param>
public sealed record RolloverOrder(int Generation, string? Algorithm = null);

/// <summary>A new generation of the governor's key.</summary>
/// <param name="Generation">1, 2, 3 …</param>
/// <param name="SelfSigned">Its self-signed certificate, DER.</param>
/// <param name="Links">Both link certificates, DER; none when no earlier key may be trusted. (CPS 7-1-4)</param>
/// <param name="UsedFrom">Since when it signs new certificates; null until all of this is published.</param>
public sealed record RolloverAnswer(
    int Generation, byte[] SelfSigned, ImmutableArray<byte[]> Links, DateTimeOffset? UsedFrom);

/// <summary>A key of the governor's may be in other hands. 秘密鍵の危殆化 (CPS 4-14-2)</summary>
/// <param name="Generation">Which.</param>
/// <param name="Why">What happened, for the public notice and the bridge.</param>
public sealed record CompromiseOrder(int Generation, string Why);

/// <summary>A step of the procedure, when it was done and what came of it.</summary>
public sealed record CompromiseStep(string Step, DateTimeOffset At, string Result);

/// <summary>How far the procedure of CPS 4-14-2 has come.</summary>
public sealed record CompromiseReport
{
    public required int Generation { get; init; }

    public required DateTimeOffset DeclaredAt { get; init; }

    public required string Officers { get; init; }

    public required string Why { get; init; }

    /// <summary>In the order in which they were done.</summary>
    public required ImmutableArray<CompromiseStep> Steps { get; init; }

    /// <summary>What the site tells everybody. (CPS 4-4-1-3)</summary>
    public required string PublicNotice { get; init; }

    /// <summary>The paper for the bridge CA. (CPS 4-14-2)</summary>
    public required string BridgeNotice { get; init; }

    /// <summary>Every list is where verifiers look for it.</summary>
    public required bool IsPublished { get; init; }
}
