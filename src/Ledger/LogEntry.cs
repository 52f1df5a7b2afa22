using System.Text.Json;

namespace Jpki.Ledger;

/// <summary>An entry as it stands in a log, with its number. 監査ログの記録</summary>
public sealed record LogEntry(long Index, LedgerEvent Event)
{
    /// <exception cref="FormatException">The octets are no entry of ours.</exception>
    internal static LogEntry Read(long index, ReadOnlyMemory<byte> json)
    {
        try
        {
            using var entry = JsonDocument.Parse(json);
            var root = entry.RootElement;
            return new(index, new(
                root.GetProperty("what").GetString()!, root.GetProperty("at").GetDateTimeOffset(),
                root.GetProperty("result").GetString()!, root.GetProperty("source").GetString()!,
                root.TryGetProperty("about", out var about) ? about.GetString() : null));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new DamageException(index, index, "the entry is not written as ours are");
        }
    }
}
