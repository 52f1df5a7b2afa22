using System.Security.Cryptography;
using System.Text.Json;
using Jpki.ControlRoom;
using Jpki.ControlRoom.Acts;
using Jpki.ControlRoom.Officers;
using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.Host.Commands;

/// <summary>The sandbox's officers at the control room's door: with certificate, password and session.</summary>
internal sealed class ConsoleVisit(SandboxClient sandbox)
{
    private readonly Dictionary<string, HttpClient> inside = [];

    /// <summary>Looks as one whose duty it is.</summary>
    public async Task<T> Get<T>(Duty duty, string path) => await SandboxClient.Read<T>(
        (await As(sandbox.Endpoints.OfficersIn(duty.Roles[^1])[0])).GetAsync(path));

    /// <summary>Does as one whose duty it is, alone.</summary>
    public async Task<T> Send<T>(Duty duty, string path, object form) => await SandboxClient.Read<T>(
        (await As(sandbox.Endpoints.OfficersIn(duty.Roles[0])[0])).PostAsJsonAsync(path, form, FormJson.Options));

    /// <summary>
    /// Has an act done by as many people as it takes: the CA manager instructs it where he must, one proposes it, the
    /// others agree to what was proposed. Gives what it came to.
    /// </summary>
    public async Task<string> Do(Duty duty, string kind, object order)
    {
        var instruction = duty.IsInstructed ? await Instruct(duty) : null;
        var people = sandbox.Endpoints.OfficersIn(duty.Roles[0]);
        var id = NewId();
        var step = await SandboxClient.Read<ActStep>((await As(people[0])).PostAsJsonAsync(
            $"api/acts/{kind}",
            new ProposalForm(id, instruction, JsonSerializer.SerializeToElement(order, FormJson.Options)),
            FormJson.Options));
        foreach (var other in people.Skip(1).Take(duty.People - 1))
        {
            step = await SandboxClient.Read<ActStep>((await As(other)).PostAsJsonAsync(
                $"api/acts/{id}/consents", new ConsentForm(step.Act.Digest, other.Password), FormJson.Options));
        }
        return step.Act.Result!;
    }

    private async Task<string> Instruct(Duty duty)
    {
        var manager = await As(sandbox.Endpoints.OfficersIn(Role.CaManager)[0]);
        var given = await SandboxClient.Read<Instruction>(manager.PostAsJsonAsync(
            "api/instructions", new InstructionForm(duty.Name, "検証用サンドボックスの指示", null), FormJson.Options));
        return given.Id;
    }

    private async Task<HttpClient> As(OfficerLogin officer)
    {
        if (inside.TryGetValue(officer.Id, out var known))
            return known;
        var client = sandbox.As(officer, sandbox.Endpoints.ControlRoom);
        var session = await SandboxClient.Read<LoggedIn>(
            client.PostAsJsonAsync("api/sessions", new LogInForm(officer.Password), FormJson.Options));
        client.DefaultRequestHeaders.Authorization = new("Bearer", session.Token);
        return inside[officer.Id] = client;
    }

    /// <summary>A number for a paper.</summary>
    public static string NewId()
    {
        using var random = RandomNumberGenerator.Create();
        var octets = new byte[8];
        random.GetBytes(octets);
        return Convert.ToHexStringLower(octets);
    }
}
