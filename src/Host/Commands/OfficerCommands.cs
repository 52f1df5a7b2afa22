using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Jpki.ControlRoom.Officers;
using Jpki.Forms;
using Jpki.Hsm;

namespace Jpki.Host.Commands;

/// <summary><c>jpki officer enrol</c>: somebody registered becomes an officer with the code of his letter.</summary>
internal static class OfficerCommands
{
    private static readonly Option<string> Id =
        new("--id") { Description = "要員の ID / the officer's id", Required = true };

    private static readonly Option<DirectoryInfo> Out = new("--out")
    {
        Description = "鍵と証明書の置き場所 / where ID.p12 and ID.pem go",
        Required = true,
    };

    private static readonly Option<DirectoryInfo?> Secrets = new("--secrets")
    {
        Description = "code と password のファイル（0600）の場所 / a folder with files \"code\" and \"password\" of mode 0600",
    };

    private static readonly Option<Uri?> Door = new("--control-room")
    {
        Description = "運用端末の所在（--anchor とともに） / the control room's address, with --anchor",
    };

    private static readonly Option<FileInfo?> Anchor = new("--anchor")
    {
        Description = "運用端末を確かめる証明書 tls-ca.pem / what the control room's certificate chains to",
    };

    public static Command Create()
    {
        Command enrol = new("enrol", "初期登録コードで要員の証明書を受け取る / get an officer's certificate with a one-time code")
        {
            Id, Out, Secrets, Door, Anchor, DataOption.Data,
        };
        enrol.SetAction(Enrol);
        return new("officer", "要員 / officers") { enrol };
    }

    private static async Task<int> Enrol(ParseResult parsed, CancellationToken stop)
    {
        var id = parsed.GetValue(Id)!;
        var (code, password) = parsed.GetValue(Secrets) is { } folder
            ? (Secret(folder, "code"), Secret(folder, "password"))
            : (Prompt.Ask(new(id, "初期登録コード", "one-time code", IsNew: false)),
                Prompt.Ask(new(id, "これから使うパスワード", "the password you will use", IsNew: true)));
        using var key = Key(parsed, id);
        using var door = ControlRoom(parsed);
        var enrolled = await SandboxClient.Read<Enrolled>(door.PostAsJsonAsync("api/enrolments", new EnrolmentForm
        {
            Id = id,
            Code = code,
            CertificationRequest = OfficerKey.Request(id, key),
            Password = password,
        }, FormJson.Options, stop));
        var files = Write(parsed, id, enrolled.Certificate, key, password);
        CommandLine.Print(parsed, files, () => Console.Out.WriteLine(
            $"{files.Browser} をブラウザに読み込み（パスワードは同じもの）、運用端末にログインしてください。\n"
            + $"Import {files.Browser} into your browser (same password) and log in at the control room."));
        return ExitCode.Done;
    }

    /// <summary>The same key when the answer to a first attempt was lost: the code is for one key.</summary>
    private static ECDsa Key(ParseResult parsed, string id)
    {
        var folder = parsed.GetValue(Out)!;
        SecretFile.CreateFolder(folder.FullName);
        var file = Path.Combine(folder.FullName, $"{id}.key");
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (File.Exists(file))
            key.ImportFromPem(Encoding.ASCII.GetString(SecretFile.Read(file)));
        else
            SecretFile.Write(file, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
        return key;
    }

    private static OfficerFiles Write(ParseResult parsed, string id, byte[] certificate, ECDsa key, string password)
    {
        var folder = parsed.GetValue(Out)!.FullName;
        OfficerFiles files = new(Path.Combine(folder, $"{id}.p12"), Path.Combine(folder, $"{id}.pem"));
        using var alone = X509CertificateLoader.LoadCertificate(certificate);
        using var whole = alone.CopyWithPrivateKey(key);
        SecretFile.Write(
            files.Browser, whole.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, password));
        SecretFile.Write(files.Pem, OfficerKey.Pem(certificate, key));
        File.Delete(Path.Combine(folder, $"{id}.key"));
        return files;
    }

    private static HttpClient ControlRoom(ParseResult parsed)
    {
        var (door, anchor) = (parsed.GetValue(Door), parsed.GetValue(Anchor)?.FullName);
        if (door is null != anchor is null)
            throw new UsageException("--control-room and --anchor go together");
        if (door is null)
        {
            var endpoints = Endpoints.Read(DataOption.Of(parsed));
            (door, anchor) = (new(endpoints.ControlRoom), endpoints.TlsAnchor);
        }
        OperationsTrust trust = new(X509CertificateLoader.LoadCertificateFromFile(anchor!), TimeProvider.System);
        return trust.ClientFor(null, door);
    }

    private static string Secret(DirectoryInfo folder, string name) =>
        Encoding.UTF8.GetString(SecretFile.Read(Path.Combine(folder.FullName, name))).Trim();

    /// <summary>Where an officer's key and certificate are: for his browser, and as PEM.</summary>
    private sealed record OfficerFiles(string Browser, string Pem);
}
