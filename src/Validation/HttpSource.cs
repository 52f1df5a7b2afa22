namespace Jpki.Validation;

/// <summary>
/// Certificates, CRLs and p7c files by HTTP (RFC 5280 4.2.2.1, RFC 2585). Nobody is followed elsewhere.
/// </summary>
internal sealed class HttpSource : ISource, IDisposable
{
    private readonly HttpClient client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,   // the list of hosts would not hold
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(3),
    });

    public bool Serves(Uri place) => place.Scheme == Uri.UriSchemeHttp || place.Scheme == Uri.UriSchemeHttps;

    public async Task<IReadOnlyList<ReadOnlyMemory<byte>>> Fetch(Uri place, int maxOctets, CancellationToken stop)
    {
        using var response = await client.GetAsync(place, HttpCompletionOption.ResponseHeadersRead, stop);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync(stop);
        return [await Bounded.Read(body, maxOctets, stop)];
    }

    public void Dispose() => client.Dispose();
}

/// <summary>Reading from strangers with an end to it.</summary>
internal static class Bounded
{
    private const int FirstBuffer = 8192;

    public static async Task<ReadOnlyMemory<byte>> Read(Stream body, int maxOctets, CancellationToken stop)
    {
        var buffer = new byte[FirstBuffer];
        for (var filled = 0; ;)
        {
            var read = await body.ReadAsync(buffer.AsMemory(filled), stop);
            filled += read;
            if (read == 0)
                return buffer.AsMemory(0, filled);
            if (filled > maxOctets)
                throw new IOException($"more than {maxOctets} octets");
            if (filled == buffer.Length)
                Array.Resize(ref buffer, 2 * buffer.Length);
        }
    }
}
