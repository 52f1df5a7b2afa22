using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Jpki.Forms;
using Jpki.Host.Outside;
using Jpki.Hsm;
using Jpki.X509;

namespace Jpki.Host.Commands;

/// <summary>
/// <c>jpki sandbox official</c>: an official of a made-up ministry behind two bridges, for trying the validation
/// server.
/// </summary>
internal static class OfficialCommand
{
    private static readonly Option<string> OfficialName = new("--name")
    {
        Description = "官職名 / the official's title",
        DefaultValueFactory = _ => "Director-General of Examples",
    };

    private static readonly Option<string> Serial =
        new("--serial") { Description = "シリアル番号（16 進） / hexadecimal", Required = true };

    public static Command Create()
    {
        Command official = new(
            "official", "架空の府省の官職証明書を作る / an official's certificate from a made-up ministry behind two bridges")
        {
            DataOption.Data, OfficialName, OutOption.Out,
        };
        official.SetAction(Run);
        return official;
    }

    public static Command CreateRevocation()
    {
        Command revoke = new("revoke-official", "架空の府省が官職証明書を失効する / the ministry revokes an official's certificate")
        {
            DataOption.Data, Serial,
        };
        revoke.SetAction(async (parsed, _) =>
        {
            using SandboxClient sandbox = new(Endpoints.Read(DataOption.Of(parsed)));
            var revoked = await new CrossVisit(sandbox).Outside<OfficialRevocation>(
                "revocations", new OfficialRevocation(parsed.GetValue(Serial)!.ToUpperInvariant()));
            CommandLine.Print(parsed, revoked, () => Console.Out.WriteLine(
                $"官職証明書 {revoked.Serial} は失効しました。 The ministry revoked {revoked.Serial}."));
            return ExitCode.Done;
        });
        return revoke;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken stop)
    {
        using SandboxClient sandbox = new(Endpoints.Read(DataOption.Of(parsed)));
        var folder = OutOption.Of(parsed);
        CrossVisit cross = new(sandbox);
        await cross.Connect();
        using var key = RSA.Create(2048);
        var made = await cross.Outside<OutsideCertificate>("officials", new OfficialRequest(
            CertificationRequest.Create(
                Name.Of(("CN", parsed.GetValue(OfficialName)!)), X509.PublicKey.From(key),
                SignatureAlgorithm.Sha256WithRsa,
                hash => key.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))));
        var certificate = Certificate.Read(made.Certificate);
        File.WriteAllBytes(Path.Combine(folder, "official.cer"), made.Certificate);
        SecretFile.Write(
            Path.Combine(folder, "official.key"), Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
        OfficialFile written = new(
            $"{certificate.Serial}", $"{certificate.Subject}", OutsideNames.MinistryPolicy, certificate.NotAfter,
            sandbox.Endpoints.Validation);
        File.WriteAllBytes(
            Path.Combine(folder, "official.json"), JsonSerializer.SerializeToUtf8Bytes(written, FormJson.Indented));
        CommandLine.Print(parsed, written, () => Console.Out.WriteLine(
            $"{written.Subject}: {folder}/official.cer, official.key, official.json"));
        return ExitCode.Done;
    }

    /// <summary>What <c>official.json</c> says.</summary>
    /// <param name="Serial">Upper-case hexadecimal.</param>
    /// <param name="Subject">RFC 4514.</param>
    /// <param name="Policy">Of the ministry; over the bridges it is worth the prefecture's.</param>
    /// <param name="NotAfter">The last second of its validity.</param>
    /// <param name="Validation">Where its validity is asked: <c>POST /validate</c>.</param>
    private sealed record OfficialFile(
        string Serial, string Subject, string Policy, DateTimeOffset NotAfter, string Validation);
}
