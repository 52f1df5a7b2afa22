using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using Jpki.Counter;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Hsm;

namespace Jpki.Host.Commands;

/// <summary><c>jpki sandbox issue</c>: residents apply at a counter and go home with cards.</summary>
internal static class IssueCommand
{
    private const int AtOnce = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly Option<string> Municipality = new("--municipality")
    {
        Description = "市町村コード 5 桁 / five digits of JIS X 0402, such as 11201",
        Required = true,
    };

    private static readonly Option<int> Count =
        new("--count") { Description = "人数 / how many residents", DefaultValueFactory = _ => 1 };

    private static readonly Option<string> Key = new Option<string>("--key")
    {
        Description = "鍵の種類 / kind of key",
        DefaultValueFactory = _ => "rsa2048",
    }.AcceptOnlyFromAmong("rsa2048", "rsa1024", "p256");

    public static Command Create()
    {
        Command issue = new("issue", "住民に電子証明書を発行する / issue certificates to made-up residents")
        {
            DataOption.Data, Municipality, Count, Key, OutOption.Out,
        };
        issue.SetAction(Run);
        return issue;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken stop)
    {
        using SandboxClient sandbox = new(Endpoints.Read(DataOption.Of(parsed)));
        var municipality = parsed.GetValue(Municipality)!;
        var count = parsed.GetValue(Count);
        var folder = OutOption.Of(parsed);
        var counter = await CounterVisit.LogIn(sandbox, municipality);
        var residents = await counter.Get<Resident[]>($"residents?withoutCertificate=true&limit={count}");
        if (count < 1 || residents.Length < count)
        {
            throw new UsageException(
                $"--count {count}: {municipality} has {residents.Length} residents without a certificate; "
                + "start a prefecture with more --residents");
        }

        var today = JapanTime.DayOf(await sandbox.Now());
        var done = 0;
        var issued = new IssuedFile[count];
        await Parallel.ForAsync(
            0, count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop },
            async (i, _) =>
            {
                issued[i] = await Issue(
                    counter, residents[i], KindOf(parsed.GetValue(Key)!), today,
                    Path.Combine(folder, $"{i + 1:D3}"), stop);
                Progress(Interlocked.Increment(ref done), count);
            });
        CommandLine.Print(parsed, issued, () =>
        {
            foreach (var file in issued)
                Console.Out.WriteLine($"{file.Serial}  {file.ResidentId}");
            Console.Out.WriteLine($"{count} 件を {folder} に書きました。 written: NNN.cer, NNN.card, NNN.json");
        });
        return ExitCode.Done;
    }

    private static async Task<IssuedFile> Issue(
        CounterVisit counter, Resident resident, KeyKind kind, DateOnly today, string file, CancellationToken stop)
    {
        var password = Password();
        var received = await counter.Post<IssuanceApplication>("applications", CounterVisit.FormOf(resident, today));
        var at = $"applications/{received.Id}";
        await counter.Post<IssuanceApplication>($"{at}/match");
        await counter.Post<IssuanceApplication>($"{at}/identity", CounterVisit.Evidence(today));
        var handOver = await counter.Post<HandOver>($"{at}/hand-over");
        await counter.Post<KeyPairMade>("device/key-pair", new DeviceForm(handOver.Code, password, password, kind));
        var application = await counter.Post<IssuanceApplication>($"{at}/notice");
        for (var waited = TimeSpan.Zero;
            application.State == ApplicationState.Waiting && waited < Patience;
            waited += Step)
        {
            if (waited == Notable)
            {
                Console.Error.WriteLine(
                    $"申請 {application.Id} は県の応答を待っています / application {application.Id} waits for the Authority");
            }
            await Task.Delay(Step, stop);
            application = await counter.Get<IssuanceApplication>(at);
        }
        if (application.Refusal is { } refusal)
            throw new RefusedException(refusal);
        if (application.State == ApplicationState.Waiting)
        {
            throw new BrokenException(
                $"application {application.Id} still waits for the Authority and is sent again by itself; "
                + "the control room says why (is the governor's key active?)");
        }

        await counter.Post<Payment>($"{at}/fee");
        var delivery = await counter.Post<Delivery>($"{at}/delivery");
        IssuedFile issued = new(delivery.Serial, resident.Municipality, resident.Id, password);
        File.WriteAllBytes(file + ".cer", delivery.Certificate);
        SecretFile.Write(file + ".card", await counter.Bytes($"{at}/card"));
        SecretFile.Write(file + ".json", JsonSerializer.SerializeToUtf8Bytes(issued, FormJson.Indented));
        return issued;
    }

    private static TimeSpan Step => TimeSpan.FromMilliseconds(200);

    /// <summary>A multiple of <see cref="Step"/>: from here on the one who waits is told so.</summary>
    private static TimeSpan Notable => TimeSpan.FromSeconds(2);

    private static KeyKind KindOf(string name) => name switch
    {
        "rsa1024" => KeyKind.Rsa1024,
        "p256" => KeyKind.P256,
        _ => KeyKind.Rsa2048,
    };

    /// <summary>Ten capital letters and digits: within the rules of the era, and of OpenSC (6 to 16).</summary>
    private static string Password()
    {
        const string Symbols = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
        using var random = RandomNumberGenerator.Create();
        var bytes = new byte[10];
        random.GetBytes(bytes);
        return string.Concat(bytes.Select(b => Symbols[b & 31]));
    }

    private static void Progress(int done, int count)
    {
        if (count > 1 && !Console.IsErrorRedirected)
            Console.Error.Write($"\r{done}/{count}{(done == count ? "\n" : "")}");
    }

    /// <summary>NNN.json: scripts rely on it.</summary>
    private sealed record IssuedFile(string Serial, string Municipality, string ResidentId, string Password);
}
