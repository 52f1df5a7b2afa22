using System.CommandLine;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Jpki.Forms;
using Jpki.Hsm;
using Jpki.Hsm.Ceremonies;
using Jpki.Ledger;

namespace Jpki.Host.Commands;

/// <summary><c>jpki ceremony run</c> follows a reviewed file; <c>ceremony password</c> helps to write it.</summary>
internal static class CeremonyCommands
{
    private const string SoftHsm = "/usr/lib/softhsm/libsofthsm2.so";

    private static readonly Argument<FileInfo> File = new("FILE.json") { Description = "手順書 / the ceremony's file" };

    private static readonly Option<bool> DryRun =
        new("--dry-run") { Description = "使い捨てのトークンで予行する / rehearse on throw-away tokens" };

    private static readonly Option<DirectoryInfo?> Passphrases = new("--passphrases")
    {
        Description = "合言葉のファイル（識別ごと、0600。カードの PIN は 識別.pin）の場所 / "
            + "a folder with a file of mode 0600 for each id, and ID.pin for cards",
    };

    public static Command Create()
    {
        Command run = new("run", "手順書のとおりに鍵の儀式を行う / hold a key ceremony as its file says")
        {
            File, DryRun, Passphrases,
        };
        run.SetAction(Run);
        Command password = new("password", "出席者のパスワードのハッシュを作る / hash a password for a ceremony's file");
        password.SetAction(_ =>
        {
            using var random = RandomNumberGenerator.Create();
            Console.Out.WriteLine(PasswordHash.Create(
                Prompt.Ask(new("", "パスワード", "password", IsNew: true)), random));
            return ExitCode.Done;
        });
        return new("ceremony", "鍵の儀式 / key ceremonies") { run, password };
    }

    private static async Task<int> Run(ParseResult parsed)
    {
        var path = parsed.GetValue(File)!;
        var (file, digest) = Read(path);
        CeremonyRecord record;
        if (parsed.GetValue(DryRun))
        {
            record = await Rehearse(parsed, file, digest);
        }
        else
        {
            Func<Question, string> ask = parsed.GetValue(Passphrases) is { } folder
                ? question => FromFile(folder, question) : Prompt.Ask;
            record = await Hold(file, digest, ask, Show(parsed), isDryRun: false);
        }
        CommandLine.Print(parsed, record, () => { });
        if (record.Result == "ok")
            return ExitCode.Done;
        Console.Error.WriteLine($"jpki: 儀式は中止しました。 The ceremony was stopped: {record.Result}");
        return record.Result.StartsWith("broken", StringComparison.Ordinal) ? ExitCode.Broken : ExitCode.Refused;
    }

    private static (CeremonyFile File, string Digest) Read(FileInfo path)
    {
        if (!path.Exists)
            throw new UsageException($"{path}: there is no such file");
        var octets = System.IO.File.ReadAllBytes(path.FullName);
        try
        {
            return (CeremonyFile.Read(octets), CeremonyFile.DigestOf(octets));
        }
        catch (FormatException e)
        {
            throw new UsageException($"{path}: {e.Message}");
        }
    }

    private static async Task<CeremonyRecord> Hold(
        CeremonyFile file, string digest, Func<Question, string> ask, Action<string> show, bool isDryRun)
    {
        using var random = RandomNumberGenerator.Create();
        SecretFile.CreateFolder(file.Records);
        using var key = LogKey.OpenOrCreate(Path.Combine(file.Records, "log.key"), "jpki/ceremonies", random);
        await using var log = FileLog.Open(Path.Combine(file.Records, "ceremonies.log"), key);
        CeremonyTable table = new()
        {
            Ask = ask,
            Show = show,
            Log = log,
            Clock = TimeProvider.System,
            Random = random,
            IsDryRun = isDryRun,
        };
        var record = await new Ceremony(file, digest, table).Run();
        var name = Path.Combine(file.Records,
            $"{record.BeganAt.UtcDateTime:yyyyMMdd-HHmmss}-{Ceremony.DigestOf(record)[..8]}");
        SecretFile.Create(name + ".json", JsonSerializer.SerializeToUtf8Bytes(record, FormJson.Indented));
        SecretFile.Create(name + ".html", Encoding.UTF8.GetBytes(RecordPage.Html(record, log.Log.Checkpoint ?? "")));
        var isPrinted = await Printer.ToPdf(name + ".html", name + ".pdf");
        show(isDryRun ? "予行の記録は残しません。 A rehearsal's record is not kept."
            : isPrinted ? $"記録 record: {name}.pdf"
            : $"記録 record: {name}.html (chromium がないため PDF にできません / no chromium to make a PDF)");
        return record;
    }

    /// <summary>All happens in two folders that are gone afterwards; the module never sees a real token.</summary>
    private static async Task<CeremonyRecord> Rehearse(ParseResult parsed, CeremonyFile file, string digest)
    {
        if (file.Objection() is { } no)
            throw new RefusedException(no);
        var folder = Directory.CreateTempSubdirectory("jpki-rehearsal-").FullName;
        var memory = Directory.CreateDirectory($"/dev/shm/{Path.GetFileName(folder)}").FullName;
        try
        {
            UseThrowAwayTokens(folder);
            using var random = RandomNumberGenerator.Create();
            Rehearsal rehearsal = new(file, folder, memory, SoftHsm, random);
            if (rehearsal.Before() is { } before)
            {
                var prepared = await Hold(before, digest, _ => rehearsal.Passphrase, _ => { }, isDryRun: true);
                if (prepared.Result != "ok")
                    throw new BrokenException($"the rehearsal cannot be prepared: {prepared.Result}");
            }
            return await Hold(
                rehearsal.Itself(), digest, _ => rehearsal.Passphrase, Show(parsed), isDryRun: true);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            Directory.Delete(memory, recursive: true);
        }
    }

    private static void UseThrowAwayTokens(string folder)
    {
        if (!System.IO.File.Exists(SoftHsm))
            throw new BrokenException($"a dry run needs {SoftHsm}: apt-get install softhsm2");
        Directory.CreateDirectory(Path.Combine(folder, "tokens"));
        var conf = Path.Combine(folder, "softhsm2.conf");
        System.IO.File.WriteAllText(conf,
            $"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n");
        // The module asks getenv, which .NET's own SetEnvironmentVariable does not reach.
        if (SetEnv("SOFTHSM2_CONF", conf, 1) != 0)
            throw new BrokenException("cannot set SOFTHSM2_CONF");
    }

    /// <summary>With --json, standard output is the record's alone.</summary>
    private static Action<string> Show(ParseResult parsed) =>
        parsed.GetValue(CommandLine.Json) ? Console.Error.WriteLine : Console.Out.WriteLine;

    private static string FromFile(DirectoryInfo folder, Question question) =>
        Encoding.UTF8.GetString(SecretFile.Read(Path.Combine(
            folder.FullName, question.IsPin ? question.Id + ".pin" : question.Id))).TrimEnd('\r', '\n');

    [DllImport("libc", EntryPoint = "setenv")]
    private static extern int SetEnv(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value,
        int overwrite);
}
