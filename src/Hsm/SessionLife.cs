namespace Jpki.Hsm;

/// <summary>How long somebody who has logged in stays so: 15 minutes idle, and 8 hours in all.</summary>
/// <param name="BeganAt">At the log-in, in milliseconds since 1970.</param>
/// <param name="SeenAt">When the token was last shown, as far as that was written.</param>
public readonly record struct SessionLife(long BeganAt, long SeenAt)
{
    public static readonly TimeSpan Longest = TimeSpan.FromHours(8);

    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(15);

    /// <summary>The last sight is written at most this often, so that reading costs no write.</summary>
    private static readonly TimeSpan SightStep = TimeSpan.FromSeconds(30);

    public bool HasEnded(DateTimeOffset at) => Since(SeenAt, at) > Idle || Since(BeganAt, at) > Longest;

    /// <summary>Whether the sight is old enough to be written anew.</summary>
    public bool IsStale(DateTimeOffset at) => Since(SeenAt, at) > SightStep;

    private static TimeSpan Since(long milliseconds, DateTimeOffset at) =>
        at - DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
