namespace Jpki.Forms;

/// <summary>A day's register events of one municipality, in one paper. 異動等失効情報の一覧 (CPS 2-1-2(25), 4-4-1-1)</summary>
public sealed record RegisterEventList
{
    public const int Longest = 2000;

    /// <summary>Chosen by the municipality, unique: the same list sent twice is reported on once.</summary>
    public required string NoticeId { get; init; }

    public required string Municipality { get; init; }

    public required string Officer { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>At most <see cref="Longest"/>.</summary>
    public required IReadOnlyList<RegisterEvent> Events { get; init; }
}

/// <summary>One event. The certificate is named by its serial number, or by what it says of its holder.</summary>
public sealed record RegisterEvent
{
    public required RegisterEventKind Event { get; init; }

    /// <summary>Upper-case hexadecimal; null where only the person is known.</summary>
    public string? Serial { get; init; }

    /// <summary>As the certificate has them, so before the change; used where there is no serial number.</summary>
    public CertifiedAttributes? Holder { get; init; }
}

/// <summary>What became of a list: every event is in one of the two. 照合結果</summary>
public sealed record RegisterEventReport
{
    public required string NoticeId { get; init; }

    public required IReadOnlyList<EndedByEvent> Ended { get; init; }

    public required IReadOnlyList<UnmatchedEvent> Unmatched { get; init; }
}

/// <summary>An event that ended a certificate.</summary>
/// <param name="Number">Its place in the list, from 1.</param>
/// <param name="Revocation">The certificate's end.</param>
public sealed record EndedByEvent(int Number, RevocationAnswer Revocation);

/// <summary>An event that ended none.</summary>
/// <param name="Number">Its place in the list, from 1.</param>
/// <param name="Clause">By which it did not.</param>
/// <param name="Reason">For people.</param>
public sealed record UnmatchedEvent(int Number, string Clause, string Reason);
