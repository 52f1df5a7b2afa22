using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Jpki.Forms;
using Jpki.Hsm;

namespace Jpki.Host.Commands;

/// <summary><c>jpki sandbox verifier</c>: gives notice, signs the agreement, is admitted.</summary>
internal static class VerifierCommand
{
    private static readonly Option<string> VerifierName =
        new("--name") { Description = "名称 / the verifier's name", Required = true };

    public static Command Create()
    {
        Command verifier = new("verifier", "署名検証者として届け出て認められる / become an admitted verifier")
        {
            DataOption.Data, VerifierName, OutOption.Out,
        };
        verifier.SetAction(Run);
        return verifier;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken stop)
    {
        using SandboxClient sandbox = new(Endpoints.Read(DataOption.Of(parsed)));
        var folder = OutOption.Of(parsed);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = parsed.GetValue(VerifierName)!;
        var admitted = await new VerifierVisit(sandbox).BeAdmitted(name, key);
        var written = Write(folder, admitted, key);
        CommandLine.Print(parsed, written, () => Console.Out.WriteLine(
            $"{name} を {admitted.Id} として認めました。 admitted: {folder}/client.cer, client.key, verifier.json"));
        return ExitCode.Done;
    }

    private static VerifierFile Write(string folder, AdmissionAnswer admitted, ECDsa key)
    {
        File.WriteAllText(
            Path.Combine(folder, "client.cer"),
            PemEncoding.WriteString("CERTIFICATE", admitted.ClientCertificate) + "\n");
        SecretFile.Write(
            Path.Combine(folder, "client.key"), Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
        VerifierFile file = new(admitted.Id, admitted.LdapDn, admitted.LdapPassword);
        SecretFile.Write(
            Path.Combine(folder, "verifier.json"), JsonSerializer.SerializeToUtf8Bytes(file, FormJson.Indented));
        return file;
    }

    private sealed record VerifierFile(string Id, string LdapDn, string LdapPassword);
}

/// <summary><c>--out DIR</c>: made when it is not there.</summary>
internal static class OutOption
{
    public static Option<DirectoryInfo> Out { get; } =
        new("--out") { Description = "出力先 / where to write", Required = true };

    public static string Of(ParseResult parsed)
    {
        var folder = parsed.GetValue(Out)!;
        folder.Create();
        return folder.FullName;
    }
}
