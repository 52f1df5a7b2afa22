using System.Security.Cryptography;
using System.Text.Json;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Hsm;

namespace Jpki.Host;

/// <summary>
/// The sandbox's officers: one at each municipality's counter, and the operators that the sandbox's own commands act
/// as. Their passwords are made at random on the first start and kept in one file that only its owner may read.
/// </summary>
internal static class SandboxOfficers
{
    private static readonly Role[] Operators = [Role.CaManager, Role.SeniorOperator, Role.InternalAuditor];

    public static IReadOnlyList<OfficerLogin> Open(string file, TlsIdentities identities, RandomNumberGenerator random)
    {
        if (File.Exists(file))
            return JsonSerializer.Deserialize<OfficerLogin[]>(SecretFile.Read(file), FormJson.Indented)!;
        OfficerLogin[] officers =
        [
            .. Municipalities.All.Select(m => new OfficerLogin
            {
                Role = nameof(Role.CounterOfficer),
                Municipality = m.Code5,
                Id = "K" + m.Code5,
                Password = Password(random),
            }),
            .. Operators.Select(role => new OfficerLogin
            {
                Role = role.ToString(),
                Id = $"{role}-1",
                Password = Password(random),
                Certificate = identities.FileOf($"{role}-1"),
                Key = identities.FileOf($"{role}-1"),
            }),
        ];
        SecretFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(officers, FormJson.Indented));
        return officers;
    }

    /// <summary>Twelve characters of an alphabet of 32: 60 bits.</summary>
    private static string Password(RandomNumberGenerator random)
    {
        const string Symbols = "abcdefghjkmnpqrstuvwxyz123456789";
        var bytes = new byte[12];
        random.GetBytes(bytes);
        return string.Concat(bytes.Select(b => Symbols[b & 31]));
    }
}
