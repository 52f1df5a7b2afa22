using Jpki.Hsm;

namespace Jpki.Authority;

/// <summary>
/// Whether the governor's keys are where they should be: looked up in their store, no more often than every half
/// minute. It does not sign: keys sign only what was linted.
/// </summary>
internal sealed class KeyWatch(AuthorityRoom room)
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private DateTimeOffset lookedAt = DateTimeOffset.MinValue;
    private string? trouble;

    public bool IsHsm => room.Hsm is not SoftwareHsm;

    /// <summary>What is wrong, for people; null when every key was found.</summary>
    public string? Trouble
    {
        get
        {
            lock (gate)
            {
                if (TimeProvider.System.GetUtcNow() - lookedAt > LookAgainAfter)
                    (trouble, lookedAt) = (Look(), TimeProvider.System.GetUtcNow());
                return trouble;
            }
        }
    }

    private string? Look()
    {
        try
        {
            var missing = room.Keys.Generations.Where(g => g.CanSign).Select(g => g.Key.Label)
                .Where(label => room.Hsm.Find(label) is null);
            return string.Join(", ", missing) is { Length: > 0 } labels ? $"not found: {labels}" : null;
        }
        catch (Exception e) when (e is HsmException or IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }
}
