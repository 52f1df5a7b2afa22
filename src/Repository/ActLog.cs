using Jpki.Ledger;

namespace Jpki.Repository;

/// <summary>
/// What was read and published, durable before the answer leaves. A log that fails stops publications and leaves
/// reading open: the shelves are there day and night. 監査ログ (CPS 4-11-2, 2-6-4)
/// </summary>
internal sealed class ActLog(Func<LedgerEvent, Task> append, TimeProvider clock)
{
    private volatile string? failure;

    /// <summary>What was wrong the last time; null when that time all was well.</summary>
    internal string? Failure => failure;

    /// <summary>False when the act could not be recorded.</summary>
    internal async Task<bool> Record(string what, string result, string source, string? about = null)
    {
        try
        {
            await append(new(what, clock.GetUtcNow(), result, source, about));
            failure = null;
            return true;
        }
        catch (Exception broken) when (
            broken is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            failure = broken.Message;
            return false;
        }
    }
}
