using Jpki.Counter;
using Jpki.Forms;

namespace Jpki.Host.Commands;

/// <summary>An officer at one municipality's counter, logged in, doing by JSON what the terminal's pages do.</summary>
internal sealed class CounterVisit
{
    private readonly HttpClient counter;

    private CounterVisit(HttpClient counter) => this.counter = counter;

    public static async Task<CounterVisit> LogIn(SandboxClient sandbox, string municipality)
    {
        var officer = sandbox.Endpoints.OfficerOf(municipality);
        var counter = sandbox.Anybody(sandbox.Endpoints.Counter);
        var session = await SandboxClient.Read<LoggedIn>(
            counter.PostAsJsonAsync("login", new LogInForm(officer.Id, officer.Password), FormJson.Options));
        counter.DefaultRequestHeaders.Authorization = new("Bearer", session.Token);
        return new(counter);
    }

    public Task<T> Get<T>(string path) => SandboxClient.Read<T>(counter.GetAsync(path));

    public Task<T> Post<T>(string path, object? form = null) => SandboxClient.Read<T>(form is null
        ? counter.PostAsync(path, null)
        : counter.PostAsync(path, JsonContent.Create(form, form.GetType(), options: FormJson.Options)));

    public Task<byte[]> Bytes(string path) => counter.GetByteArrayAsync(path);

    /// <summary>The paper a resident fills in who knows the own four attributes.</summary>
    public static ApplicationForm FormOf(Resident resident, DateOnly today) => new()
    {
        AppliedOn = today,
        Attributes = resident.Attributes,
        NameKana = resident.NameKana,
    };

    /// <summary>A driving licence whose photograph is the bearer's.</summary>
    public static IdentityEvidence Evidence(DateOnly today) => new()
    {
        Kind = IdentityDocumentKind.DrivingLicence,
        Number = "301234567890",
        ExpiresOn = today.AddYears(2),
        FaceMatches = true,
    };
}
