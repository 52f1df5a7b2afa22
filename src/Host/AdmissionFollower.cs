using System.Text.Json;
using Jpki.Forms;

namespace Jpki.Host;

/// <summary>
/// Keeps a room's copy of the list of admitted verifiers up to date. Until the first answer nobody is admitted; while
/// the Verifiers room cannot be reached the last list stands.
/// </summary>
internal sealed class AdmissionFollower(HttpClient verifiers)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private volatile AdmissionList current = new(0, []);

    public AdmissionList Current => current;

    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                current = await verifiers.GetFromJsonAsync<AdmissionList>(
                    $"admissions?after={current.Version}", FormJson.Options, stop)
                    ?? current;
            }
            catch (Exception e) when (e is HttpRequestException or JsonException)
            {
                await Task.Delay(RetryAfter, stop);
            }
        }
    }
}
