using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Jpki.Cps;
using Jpki.Forms;
using Microsoft.AspNetCore.Http;

namespace Jpki.ControlRoom;

/// <summary>
/// The operators' console: shows how the Authority is, and takes to it the orders of those whose duty they are. 運用端末
/// </summary>
/// <param name="authority">Shows the Authority's door this room's certificate.</param>
/// <param name="officers">Which role each officer holds now; read anew for every act. (CPS 5-2-3)</param>
public sealed class OperatorsConsole(HttpClient authority, Func<string, Role?> officers)
{
    /// <summary>How the Authority is.</summary>
    public Task<Outcome<AuthorityReport>> Report(HttpContext http) => Act(
        http, Duties.WatchTheSystem, _ => Ask<AuthorityReport>(() => authority.GetAsync("operators/report")));

    /// <summary>What the Authority knows of a serial number.</summary>
    public Task<Outcome<CertificateReport>> Find(HttpContext http, string serial) => Act(
        http, Duties.WatchTheSystem, _ => Ask<CertificateReport>(
            () => authority.GetAsync($"operators/certificates/{Uri.EscapeDataString(serial)}")));

    /// <summary>The certificate of a serial number, with all it says; the Authority's log keeps who looked.</summary>
    public Task<Outcome<CertificateCopy>> Copy(HttpContext http, string serial) => Act(
        http, Duties.WatchTheSystem, officer => Ask<CertificateCopy>(() => authority.PostAsJsonAsync(
            "operators/copies", new OfficerOrder<CopyOrder>(officer, new(serial)), FormJson.Options)));

    /// <summary>Null when the caller may look at what an officer brings. (CPS 5-2-3)</summary>
    public async Task<Refusal?> Objection(HttpContext http) => (await Act(
        http, Duties.WatchTheSystem, officer => Task.FromResult<Outcome<string>>(officer))).Refusal;

    /// <summary>Issues and publishes every CRL and the ARL now. (CPS 4-4-9)</summary>
    public Task<Outcome<AuthorityReport>> Publish(HttpContext http, PublishOrder order) => Act(
        http, Duties.IssueCrlsNow, officer => Ask<AuthorityReport>(() => authority.PostAsJsonAsync(
            "operators/publications", new OfficerOrder<PublishOrder>(officer, order), FormJson.Options)));

    /// <summary>Revokes a certificate on the Authority's own motion. 職権失効 (CPS 4-4-1-1)</summary>
    public Task<Outcome<RevocationAnswer>> Revoke(HttpContext http, ExOfficioRevocation order) => Act(
        http, Duties.RevokeExOfficio, officer => Ask<RevocationAnswer>(() => authority.PostAsJsonAsync(
            "operators/revocations", new OfficerOrder<ExOfficioRevocation>(officer, order), FormJson.Options)));

    private async Task<Outcome<T>> Act<T>(
        HttpContext http, Duty duty, Func<string, Task<Outcome<T>>> act) where T : class
    {
        if (Caller.Of(http) is not { Role: CallerRole.Officer } caller || officers(caller.Id) is not { } role)
            return new Refusal("5-2-3", "the certificate shown is no officer's");
        return duty.ObjectionTo(role) is { } objection ? objection : await act(caller.Id);
    }

    private static async Task<Outcome<T>> Ask<T>(Func<Task<HttpResponseMessage>> send) where T : class
    {
        using var answer = await send();
        if (answer.StatusCode == HttpStatusCode.UnprocessableEntity)
        {
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
            return new Refusal(
                problem.GetProperty("title").GetString()!["CPS ".Length..], problem.GetProperty("detail").GetString()!);
        }
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<T>(FormJson.Options))!;
    }
}
