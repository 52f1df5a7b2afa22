namespace Jpki.Repository;

/// <summary>How the wait for the other side has come out.</summary>
internal enum Waiting
{
    InTime,
    TooLongForRequest,
    TooLongForReader,
}

/// <summary>
/// How long a connection may keep the server waiting. Dribbling octets does not prolong a request's time.
/// </summary>
internal sealed class Patience(DirectoryLimits limits, TimeProvider clock)
{
    private const long Never = 0;

    private long idleSince = clock.GetTimestamp();
    private long receivingSince;
    private long writingSince;

    internal string Complaint =>
        Volatile.Read(ref receivingSince) == Never ? "idle for too long" : "the request does not arrive whole";

    /// <summary>
    /// A read is over: requests were taken out of it or not, the beginning of another is left or not.
    /// </summary>
    internal void Received(bool isRequestComplete, bool isPartial)
    {
        var now = clock.GetTimestamp();
        Volatile.Write(ref idleSince, now);
        if (!isPartial)
            Volatile.Write(ref receivingSince, Never);
        else if (isRequestComplete || receivingSince == Never)
            Volatile.Write(ref receivingSince, now);
    }

    internal void BeginWriting() => Volatile.Write(ref writingSince, clock.GetTimestamp());

    internal void EndWriting() => Volatile.Write(ref writingSince, Never);

    internal Waiting Verdict()
    {
        if (IsOver(Volatile.Read(ref writingSince), limits.WriteTimeout))
            return Waiting.TooLongForReader;
        return IsOver(Volatile.Read(ref receivingSince), limits.PduTimeout)
            || IsOver(Volatile.Read(ref idleSince), limits.IdleTimeout)
                ? Waiting.TooLongForRequest
                : Waiting.InTime;
    }

    private bool IsOver(long since, TimeSpan limit) => since != Never && clock.GetElapsedTime(since) > limit;
}
