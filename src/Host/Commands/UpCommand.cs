using System.CommandLine;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Jpki.Host.Handovers;
using Spectre.Console;

namespace Jpki.Host.Commands;

/// <summary><c>jpki up</c>: runs a whole prefecture in the foreground until Ctrl-C.</summary>
internal static class UpCommand
{
    private static readonly Option<int?> Port = new("--port") { Description = "最初のポート番号 / first port (7000)" };
    private static readonly Option<int?> Residents =
        new("--residents") { Description = "架空の住民の数 / made-up residents (1000)" };
    private static readonly Option<int?> Seed =
        new("--seed") { Description = "住民を作る種 / seed of the residents (random)" };
    private static readonly Option<string?> Database =
        new("--database") { Description = "sqlite | postgres://USER@HOST/DATABASE" };
    private static readonly Option<string?> Hsm =
        new("--hsm") { Description = "software | pkcs11:MODULE?token=LABEL&pin-source=FILE|activation=FILE" };
    private static readonly Option<string?> OperationsHsm =
        new("--operations-hsm") { Description = "知事の鍵以外の鍵 / all keys but the governor's (like --hsm)" };

    private static readonly Option<string?> Policy =
        new("--policy") { Description = "cps-1.7-literal: 破られた RSA 1024 と SHA-1 を認める / both, broken as they are" };
    private static readonly Option<string?> Governor =
        new("--governor") { Description = "知事の鍵 / the governor's key (rsa2048-sha256)" };
    private static readonly Option<FileInfo?> Officers = new("--officers")
    {
        Description = "最初の要員の名簿（JSON） / the first officers; each gets a one-time code (made-up ones)",
    };

    private static readonly Option<DirectoryInfo?> FromHandover = new("--from-handover")
    {
        Description = "引継ぎを受けて始める / begin with what jpki handover wrote",
    };
    private static readonly Option<FileInfo?> HandoverKey = new("--handover-key")
    {
        Description = "引継ぎの署名の公開鍵（別の手段で受けたもの） / its signer's public key, from elsewhere",
    };

    public static Command Create()
    {
        Command up = new("up", "県を開く / run a whole prefecture until Ctrl-C")
        {
            DataOption.Data, Port, Residents, Seed, Database, Hsm, OperationsHsm, Policy, Governor, Officers,
            FromHandover, HandoverKey,
        };
        up.SetAction(Run);
        return up;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancelled)
    {
        var data = DataOption.Of(parsed);
        Directory.CreateDirectory(data);
        using var alone = Lock(data);
        using var random = RandomNumberGenerator.Create();
        var site = parsed.GetValue(FromHandover) is { } handover
            ? await Succeed(parsed, handover.FullName, data, random)
            : Site(parsed, data, random);
        SandboxClock clock = new(Path.Combine(data, "clock"));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, stop));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, stop));

        await using var prefecture = await Prefecture.Open(data, site, clock, random, line =>
            Console.Error.WriteLine(line));
        CommandLine.Print(parsed, prefecture.Endpoints, () => Doors(prefecture.Endpoints, data));
        Console.Out.WriteLine("ready");
        await Console.Out.FlushAsync(CancellationToken.None);

        await Task.WhenAny(prefecture.Broken, Task.Delay(Timeout.Infinite, stop.Token));
        if (!stop.IsCancellationRequested)
            await prefecture.Broken;                          // Says what broke.
        Console.Error.WriteLine("閉じています / closing");
        return ExitCode.Done;
    }

    private static void Stop(PosixSignalContext context, CancellationTokenSource stop)
    {
        context.Cancel = true;
        stop.Cancel();
    }

    /// <summary>Two prefectures must not share one folder.</summary>
    internal static FileStream Lock(string data)
    {
        try
        {
            return new(Path.Combine(data, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new BrokenException($"another prefecture is running in {data}: stop it, or choose another --data", e);
        }
    }

    /// <summary>
    /// The first start writes the site's choices; later starts read them, and only the port may differ.
    /// </summary>
    private static SiteFile Site(ParseResult parsed, string data, RandomNumberGenerator random)
    {
        var file = Path.Combine(data, SiteFile.FileName);
        if (!File.Exists(file))
        {
            var made = Choices(parsed, new()
            {
                Port = 7000,
                Residents = 1000,
                Seed = RandomSeed(random),
                Database = "sqlite",
                Hsm = "software",
            });
            if (made.Officers is { } first)
                FirstOfficers.Read(first);
            made.Checked().Write(file);
            return made;
        }

        var site = SiteFile.Read(file);
        Same("--residents", parsed.GetValue(Residents)?.ToString(), site.Residents.ToString());
        Same("--seed", parsed.GetValue(Seed)?.ToString(), site.Seed.ToString());
        Same("--database", parsed.GetValue(Database), site.Database);
        Same("--hsm", parsed.GetValue(Hsm), site.Hsm);
        Same("--operations-hsm", parsed.GetValue(OperationsHsm), site.OperationsHsm ?? "(as --hsm)");
        Same("--policy", parsed.GetValue(Policy), site.Policy);
        Same("--governor", parsed.GetValue(Governor), site.Governor);
        Same("--officers", parsed.GetValue(Officers)?.FullName, site.Officers ?? "the sandbox's");
        return parsed.GetValue(Port) is { } port ? (site with { Port = port }).Checked() : site;

        void Same(string option, string? asked, string known)
        {
            if (asked is not null && asked != known)
            {
                throw new UsageException(
                    $"the prefecture in {data} was created with {option} {known}: "
                    + $"leave the option out, choose another --data, or, if the site has changed, say so in {file}");
            }
        }
    }

    /// <summary>What the first start was told, and where it was told nothing, what stands there.</summary>
    private static SiteFile Choices(ParseResult parsed, SiteFile otherwise) => otherwise with
    {
        Port = parsed.GetValue(Port) ?? otherwise.Port,
        Residents = parsed.GetValue(Residents) ?? otherwise.Residents,
        Seed = parsed.GetValue(Seed) ?? otherwise.Seed,
        Database = parsed.GetValue(Database) ?? otherwise.Database,
        Hsm = parsed.GetValue(Hsm) ?? otherwise.Hsm,
        OperationsHsm = parsed.GetValue(OperationsHsm) ?? otherwise.OperationsHsm,
        Policy = parsed.GetValue(Policy) ?? otherwise.Policy,
        Governor = parsed.GetValue(Governor) ?? otherwise.Governor,
        Officers = parsed.GetValue(Officers)?.FullName ?? otherwise.Officers,
    };

    /// <summary>The first start of who takes over from another organisation. (CPS 4-18)</summary>
    private static async Task<SiteFile> Succeed(
        ParseResult parsed, string handover, string data, RandomNumberGenerator random)
    {
        var file = Path.Combine(data, SiteFile.FileName);
        if (File.Exists(file))
            throw new UsageException($"{data}: the prefecture there has begun; start it without --from-handover");
        Successor successor = new(handover, data, random, Console.Error.WriteLine);
        var index = await successor.Verify(parsed.GetValue(HandoverKey)?.FullName);
        var made = Choices(parsed, successor.ReadSite()).Checked();
        if (made.Officers is { } first)
            FirstOfficers.Read(first);
        await successor.Take(index, made);
        made.Write(file);
        successor.Finish();
        return made;
    }

    private static int RandomSeed(RandomNumberGenerator random)
    {
        var bytes = new byte[4];
        random.GetBytes(bytes);
        return BitConverter.ToInt32(bytes) & int.MaxValue;
    }

    private static void Doors(Endpoints doors, string data)
    {
        Table table = new Table().Border(TableBorder.Rounded).Title("検証用サンドボックス JPKI-TEST")
            .AddColumns("扉 door", "所在 address");
        table.AddRow("情報サイト site", doors.Site);
        table.AddRow("市町村窓口 counter", doors.Counter);
        table.AddRow("運用端末 control room", doors.ControlRoom);
        table.AddRow("埼玉県CA authority", doors.Authority);
        table.AddRow("OCSP", doors.Ocsp);
        table.AddRow("OCSP (TLS)", doors.OcspTls);
        table.AddRow("リポジトリ LDAP", doors.Ldap);
        table.AddRow("リポジトリ LDAPS", doors.Ldaps);
        table.AddRow("署名検証者 verifiers", doors.Verifiers);
        table.AddRow("官職証明書検証サーバ validation", doors.Validation);
        table.AddRow("監視 metrics", doors.Metrics);
        AnsiConsole.Write(table);
        var officer = doors.Officers[0];
        Console.Out.WriteLine(
            $"窓口のログイン counter log-in: {officer.Id} / {officer.Password}  （全員分 all: {data}/{Endpoints.FileName}）");
        Console.Out.WriteLine($"自己署名証明書 trust anchor:    {doors.TrustAnchor}");
    }
}

/// <summary><c>--data DIR</c>, on every command that talks to a prefecture.</summary>
internal static class DataOption
{
    public static Option<DirectoryInfo> Data { get; } = new("--data")
    {
        Description = "県のデータの置き場所 / the prefecture's folder (./sandbox)",
        DefaultValueFactory = _ => new("sandbox"),
    };

    public static string Of(ParseResult parsed) => parsed.GetValue(Data)!.FullName;
}
