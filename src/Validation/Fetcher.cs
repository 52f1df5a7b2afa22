using System.Collections.Concurrent;
using System.Formats.Asn1;
using Jpki.X509;

namespace Jpki.Validation;

/// <summary>Somebody else's directory: the name above its entries, and where it answers.</summary>
public sealed record DirectoryPlace(Name Context, Uri Place);

/// <summary>How much may be fetched for one question, and from whom. 取得の上限</summary>
public sealed record FetchLimits
{
    /// <summary><c>host:port</c>; nobody else is asked, whatever a certificate says.</summary>
    public required IReadOnlySet<string> Hosts { get; init; }

    /// <summary>Where directory names are looked up; null for nowhere.</summary>
    public Uri? Directory { get; init; }

    /// <summary>Where names are looked up that somebody else's directory holds; the first that fits.</summary>
    public IReadOnlyList<DirectoryPlace> Directories { get; init; } = [];

    public int Fetches { get; init; } = 32;

    public int Octets { get; init; } = 64 << 20;

    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long what was fetched is used again.</summary>
    public TimeSpan Keep { get; init; } = TimeSpan.FromMinutes(5);
}

/// <summary>Fetches what certificates point to, within limits, and keeps it for a while.</summary>
internal sealed class Fetcher(IReadOnlyList<ISource> sources, FetchLimits limits, TimeProvider clock)
{
    private const int MaxKept = 256;
    private const int LdapPort = 389;

    private readonly ConcurrentDictionary<Uri, (DateTimeOffset At, CertificateBundle Bundle)> kept = new();

    public Wanted Wanted { get; } = new(limits);

    public FetchLimits Limits => limits;

    public bool MayAsk(Uri place) => limits.Hosts.Contains($"{place.Host}:{(place.Port > 0 ? place.Port : LdapPort)}")
        && sources.Any(s => s.Serves(place));

    /// <summary>What is there, or why nothing is.</summary>
    public async Task<(CertificateBundle? Bundle, string? Trouble)> Fetch(Uri place, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        if (kept.TryGetValue(place, out var found) && now - found.At < limits.Keep)
            return (found.Bundle, null);
        try
        {
            var values = await sources.First(s => s.Serves(place)).Fetch(place, limits.Octets, stop);
            var bundle = Read(values);
            if (kept.Count >= MaxKept)
                kept.Clear();
            kept[place] = (now, bundle);
            return (bundle, null);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or System.Net.Sockets.SocketException)
        {
            return (null, $"{place.Scheme}://{place.Authority} does not answer: {e.Message}");
        }
    }

    private static CertificateBundle Read(IEnumerable<ReadOnlyMemory<byte>> values)
    {
        var bundles = values.Select(TryRead).OfType<CertificateBundle>().ToList();
        return new([.. bundles.SelectMany(b => b.Certificates)], [.. bundles.SelectMany(b => b.Crls)]);
    }

    private static CertificateBundle? TryRead(ReadOnlyMemory<byte> value)
    {
        try
        {
            return CrossCertificatePair.IsOne(value)
                ? new([.. CrossCertificatePair.Read(value).Certificates], [])
                : CertificateBundle.Read(value);
        }
        catch (Exception e) when (e is AsnContentException or FormatException)
        {
            return null; // a stranger's bytes that are nothing help nobody
        }
    }
}
