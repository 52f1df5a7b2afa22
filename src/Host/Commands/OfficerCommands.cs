using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Jpki.ControlRoom;
using Jpki.ControlRoom.Officers;
using Jpki.Forms;
using Jpki.Hsm;

namespace Jpki.Host.Commands;

/// <summary>
/// <c>jpki officer enrol</c>: somebody registered becomes an officer with the code of his letter.
/// <c>jpki officer renew</c>: an officer gets his next certificate with his present one.
/// </summary>
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

    private static readonly Option<FileInfo> Present = new("--with")
    {
        Description = "今の証明書と鍵（PEM） / the present certificate with its key",
        Required = true,
    };

    public static Command Create()
    {
        Command enrol = new("enrol", "初期登録コードで要員の証明書を受け取る / get an officer's certificate with a one-time code")
        {
            Id, Out, Secrets, Door, Anchor, DataOption.Data,
        };
        enrol.SetAction(Enrol);
        Command renew = new("renew", "要員の証明書を更新する（期限の 90 日前から） / renew an officer's certificate in its last 90 days")
        {
            Present, Out, Secrets, Door, Anchor, DataOption.Data,
        };
        renew.SetAction(Renew);
        return new("officer", "要員 / officers") { enrol, renew };
    }

    /// <summary>The present certificate stays good until its end: nobody is locked out by a lost answer.</summary>
    private static async Task<int> Renew(ParseResult parsed, CancellationToken stop)
    {
        var identity = Readable(parsed.GetValue(Present)!);
        var id = Caller.Of(identity.Current)?.Id ?? throw new UsageException("--with: not an officer's certificate");
        var password = parsed.GetValue(Secrets) is { } folder
            ? Secret(folder, "password")
            : Prompt.Ask(new(id, "パスワード", "your password", IsNew: false));
        using var door = ControlRoom(parsed, identity);
        var session = await SandboxClient.Read<LoggedIn>(
            door.PostAsJsonAsync("api/sessions", new LogInForm(password), FormJson.Options, stop));
        door.DefaultRequestHeaders.Authorization = new("Bearer", session.Token);
        using var key = Key(parsed, id);
        using var present = identity.Current.GetECDsaPrivateKey()!;
        var renewed = await SandboxClient.Read<Enrolled>(door.PostAsJsonAsync(
            "api/certificate", SignedForm.Sign(new OfficerRenewal(id, OfficerKey.Request(id, key)), present),
            FormJson.Options, stop));
        Tell(parsed, Write(parsed, id, renewed.Certificate, key, password));
        return ExitCode.Done;
    }

    private static TlsIdentity Readable(FileInfo pem)
    {
        try
        {
            return TlsIdentity.Read(pem.FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new UsageException($"{pem}: {e.Message}");
        }
    }

    private static void Tell(ParseResult parsed, OfficerFiles files) =>
        CommandLine.Print(parsed, files, () => Console.Out.WriteLine(
            $"{files.Browser} をブラウザに読み込み（パスワードは同じもの）、運用端末にログインしてください。\n"
            + $"Import {files.Browser} into your browser (same password) and log in at the control room."));

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
        Tell(parsed, Write(parsed, id, enrolled.Certificate, key, password));
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

    private static HttpClient ControlRoom(ParseResult parsed, TlsIdentity? identity = null)
    {
        var clock = TimeProvider.System;
        var (door, anchor) = (parsed.GetValue(Door), parsed.GetValue(Anchor)?.FullName);
        if (door is null != anchor is null)
            throw new UsageException("--control-room and --anchor go together");
        if (door is null)
        {
            var endpoints = Endpoints.Read(DataOption.Of(parsed));
            (door, anchor) = (new(endpoints.ControlRoom), endpoints.TlsAnchor);
            clock = new SandboxClock(Path.Combine(DataOption.Of(parsed), "clock"));
        }
        OperationsTrust trust = new(X509CertificateLoader.LoadCertificateFromFile(anchor!), clock);
        return trust.ClientFor(identity, door);
    }

    private static string Secret(DirectoryInfo folder, string name) =>
        Encoding.UTF8.GetString(SecretFile.Read(Path.Combine(folder.FullName, name))).Trim();

    /// <summary>Where an officer's key and certificate are: for his browser, and as PEM.</summary>
    private sealed record OfficerFiles(string Browser, string Pem);
}
