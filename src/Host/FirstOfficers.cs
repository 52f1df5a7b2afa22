using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Jpki.ControlRoom.Officers;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Hsm;

namespace Jpki.Host;

/// <summary>
/// Those whom nobody can have registered, because there was nobody yet: the site names them in a file, and the sandbox
/// has made-up ones. (CPS 5-2-1-1)
/// </summary>
internal static class FirstOfficers
{
    /// <summary>One of each role; as many as work together where it takes several.</summary>
    public static ImmutableArray<OfficerRegistration> OfSandbox { get; } =
    [
        .. Enum.GetValues<Role>().Where(r => r != Role.CounterOfficer)
            .SelectMany(role => Enumerable.Range(1, PeopleIn(role)).Select(n => new OfficerRegistration
            {
                Id = $"{role}-{n}",
                StaffNumber = $"S{(int)role:D2}{n:D3}",
                Name = $"検証　{role.Japanese()}{n}",
                Roles = [role],
            })),
    ];

    /// <summary>Reads the site's file.</summary>
    /// <exception cref="UsageException">It is not there, or names people who cannot be officers.</exception>
    public static ImmutableArray<OfficerRegistration> Read(string file)
    {
        try
        {
            var officers = JsonSerializer.Deserialize<ImmutableArray<OfficerRegistration>>(
                File.ReadAllBytes(file), FormJson.Options);
            return officers.Select(RegistrationRules.Objection).FirstOrDefault(o => o is not null) is { } objection
                ? throw new UsageException($"{file}: {objection.Reason} ({objection.Clause})")
                : Need(file, officers, Role.CaManager, 1) ?? Need(file, officers, Role.SeniorOperator, 2) ?? officers;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new UsageException($"{file}: {e.Message}");
        }
    }

    /// <summary>Lays each code in a file of its own for its officer's envelope.</summary>
    public static void WriteLetters(string folder, IReadOnlyDictionary<string, string> codes)
    {
        SecretFile.CreateFolder(folder);
        foreach (var (id, code) in codes)
        {
            SecretFile.Write(Path.Combine(folder, $"{id}.txt"), Encoding.UTF8.GetBytes(
                $"""
                親展　初期登録コード / one-time code, for this person only
                ID    {id}
                code  {code}
                次のとおり登録してください（コードは一度だけ使えます） / to enrol:
                  jpki officer enrol --id {id} --out DIR

                """));
        }
    }

    private static int PeopleIn(Role role) => role switch
    {
        Role.SeniorOperator => 2,
        Role.KeyCustodian => 3,
        _ => 1,
    };

    private static ImmutableArray<OfficerRegistration>? Need(
        string file, ImmutableArray<OfficerRegistration> officers, Role role, int people) =>
        officers.Count(o => o.Roles.Contains(role)) >= people
            ? null
            : throw new UsageException($"{file}: names fewer than {people} × {role} (CPS 5-2-1-1)");
}
