using System.Security.Cryptography;
using System.Text.Json;
using Jpki.ControlRoom.Officers;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Hsm;

namespace Jpki.Host;

/// <summary>
/// The sandbox's officers: one at each municipality's counter, and all that the Authority has. Their passwords are made
/// at random on the first start and kept in one file that only its owner may read; those of the Authority enrol at the
/// control room's door as anybody would.
/// </summary>
internal static class SandboxOfficers
{
    /// <summary>The log-ins as they were made, and new ones for whoever has none.</summary>
    public static IReadOnlyList<OfficerLogin> Open(
        string file, bool withOperators, TlsIdentities identities, RandomNumberGenerator random)
    {
        OfficerLogin[] known = File.Exists(file)
            ? JsonSerializer.Deserialize<OfficerLogin[]>(SecretFile.Read(file), FormJson.Indented)!
            : [];
        OfficerLogin[] missing =
        [
            .. Wanted(withOperators, identities).Where(w => known.All(k => k.Id != w.Id))
                .Select(w => w with { Password = Password(random) }),
        ];
        if (missing.Length == 0)
            return known;
        OfficerLogin[] all = [.. known, .. missing];
        SecretFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(all, FormJson.Indented));
        return all;
    }

    /// <summary>Comes to the control room's door with a one-time code, a key of his own and a password.</summary>
    public static async Task Enrol(HttpClient controlRoom, OfficerLogin officer, string code)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var answer = await controlRoom.PostAsJsonAsync("api/enrolments", new EnrolmentForm
        {
            Id = officer.Id,
            Code = code,
            CertificationRequest = OfficerKey.Request(officer.Id, key),
            Password = officer.Password,
        }, FormJson.Options);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException(
                $"{officer.Id} could not enrol: {await answer.Content.ReadAsStringAsync()}");
        }
        var enrolled = (await answer.Content.ReadFromJsonAsync<Enrolled>(FormJson.Options))!;
        SecretFile.Write(officer.Certificate!, OfficerKey.Pem(enrolled.Certificate, key));
    }

    private static IEnumerable<OfficerLogin> Wanted(bool withOperators, TlsIdentities identities) =>
    [
        .. Municipalities.All.Select(m => new OfficerLogin
        {
            Role = nameof(Role.CounterOfficer),
            Municipality = m.Code5,
            Id = "K" + m.Code5,
            Password = "",
        }),
        .. FirstOfficers.OfSandbox.Where(_ => withOperators).Select(o => new OfficerLogin
        {
            Role = o.Roles[0].ToString(),
            Id = o.Id,
            Password = "",
            Certificate = identities.FileOf(o.Id),
            Key = identities.FileOf(o.Id),
        }),
    ];

    /// <summary>Twelve characters of an alphabet of 32: 60 bits.</summary>
    private static string Password(RandomNumberGenerator random)
    {
        const string Symbols = "abcdefghjkmnpqrstuvwxyz123456789";
        var bytes = new byte[12];
        random.GetBytes(bytes);
        return string.Concat(bytes.Select(b => Symbols[b & 31]));
    }
}
