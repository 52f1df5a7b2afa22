using System.Diagnostics;
using Jpki.Hsm.Ceremonies;
using Jpki.Hsm.Quorum;
using Jpki.Ledger;
using Xunit;

namespace Jpki.Tests.Rooms.Hsm;

/// <summary>
/// A ceremony for every act there is, held by a process that is killed (SIGKILL): when an act is done and the log does
/// not say so yet; with JPKI_LONG=1 also at each question and each line on the way. The next ceremony goes on.
/// </summary>
public sealed class KilledCeremonyTests
{
    private const string Where = "JPKI_TEST_CEREMONY";
    private const string Begun = "\"what\":\"key ceremony begun\"", Ended = "\"what\":\"key ceremony\"";

    private static readonly bool IsLong = Environment.GetEnvironmentVariable("JPKI_LONG") == "1";

    private static readonly string[] Acts =
    [
        "establish", "initialise", "generate", "activate", "deactivate", "unlock", "selfTest", "renew", "destroy",
        "retire",
    ];

    [Fact, Cps("4-14-1"), Cps("5-2-2"), Cps("4-11-2")]
    public async Task Every_act_is_gone_on_with_and_the_log_tells_which_ceremonies_were_broken_off()
    {
        using ScratchFolder folder = new();
        Directory.CreateDirectory(folder["tokens"]);
        File.WriteAllText(folder["softhsm2.conf"],
            $"directories.tokendir = {folder["tokens"]}\nobjectstore.backend = file\nlog.level = ERROR\n");

        for (var run = 0; run < 150 && !File.Exists(folder["outcome"]); run++)
        {
            var before = Lines(folder["killed"]).Length;
            using var child = Start(folder.Root);
            await child.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(Lines(folder["killed"]).Length == before + 1 || File.Exists(folder["outcome"]),
                $"ended by itself after \"{Lines(folder["killed"]).LastOrDefault()}\"\n"
                + File.ReadAllText(folder["said"]));
        }

        Assert.Equal("done", File.ReadAllText(folder["outcome"]));
        Assert.All(Acts, act => Assert.Contains(
            Lines(folder["killed"]), moment => moment.StartsWith($"{act}: ", StringComparison.Ordinal)));
        var entries = await Log(folder["records"]);
        Assert.Equal(Lines(folder["killed"]).Length, Count(entries, Begun) - Count(entries, Ended));
    }

    [Fact(Explicit = true)]
    public async Task Child_holds_the_ceremonies_that_are_left_and_is_killed_at_each_new_moment()
    {
        Table table = new(Environment.GetEnvironmentVariable(Where)!);
        foreach (var act in Acts)
            await table.Hold(act);
        File.WriteAllText(table["outcome"], "done");
    }

    private static async Task<string> Log(string folder)
    {
        var path = Path.Combine(folder, "log");
        var open = LogPublicKey.Read(Path.Combine(folder, "log.pub"));
        Assert.All(await LedgerVerifier.Verify(path, [open], []), verdict => Assert.True(verdict.IsGood));
        using var key = LogKey.OpenOrCreate(
            Path.Combine(folder, "log.key"), "log.test/ceremony", CeremonyHouse.Random);
        await using var log = FileLog.Open(path, key);
        return string.Concat(log.Log.Entries(0, long.MaxValue).Select(e => e.Json));
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static string[] Lines(string path) => File.Exists(path) ? File.ReadAllLines(path) : [];

    private static Process Start(string folder)
    {
        ProcessStartInfo start = new("/bin/sh");
        string[] program = Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal)
            ? [Environment.ProcessPath, typeof(KilledCeremonyTests).Assembly.Location] : [Environment.ProcessPath];
        string[] arguments = ["-c", $"exec \"$0\" \"$@\" >'{folder}/said' 2>&1", .. program, "--explicit", "only",
            "--filter-method", $"{typeof(KilledCeremonyTests).FullName}."
                + nameof(Child_holds_the_ceremonies_that_are_left_and_is_killed_at_each_new_moment)];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment[Where] = folder;
        start.Environment[SoftHsm.Conf] = Path.Combine(folder, "softhsm2.conf");
        start.Environment["DOTNET_TieredPGO"] = "0";
        return Process.Start(start)!;
    }

    private sealed class Table(string root)
    {
        private readonly string token = "K" + Path.GetFileName(root)[^6..];

        private string act = "";

        public string this[string name] => Path.Combine(root, name);

        private string Activation => $"/dev/shm/{token}";

        private CustodyRecord? Record => Custody.Open(this["custody"])?.Record;

        /// <summary>Unless it was held, or was done when its ceremony was broken off.</summary>
        public async Task Hold(string next)
        {
            act = next;
            if (Lines(this["held"]).Contains(act))
                return;
            if (!IsDone())
            {
                // Not disposed of: what lies on the table is for the next process.
                CeremonyHouse house = new(root, token) { Said = Heard };
                Assert.Equal("ok", (await house.Run(house.File(Step(house)))).Record.Result);
            }
            File.AppendAllText(this["held"], act + "\n");
            File.WriteAllText(this["set"], Record!.Set.Id);
        }

        private CeremonyStep Step(CeremonyHouse house) => act switch
        {
            "establish" => new(act, Threshold: 2),
            "initialise" => new(act, Token: token, Module: SoftHsm.Module),
            "generate" => new(act, Token: token, Key: "governor", Algorithm: "p256-sha256", Backup: this["backup"]),
            "activate" => new(act, Token: token, File: Activation),
            "deactivate" => new(act, File: Activation),
            "unlock" => new(act, Person: "sato"),
            "renew" => new(act, Threshold: 2,
                Custodians: [house.Custodian("sato"), house.Custodian("suzuki"), house.Custodian("tanaka")]),
            "destroy" => new(act, Key: "governor"),
            "retire" => new(act, Token: token),
            _ => new(act),
        };

        private bool IsDone() => act switch
        {
            "establish" => Record is not null,
            "initialise" => Record!.Tokens.Length == 1,
            "generate" => Record!.Key("governor") is not null,
            "activate" => File.Exists(Activation),
            "deactivate" => !File.Exists(Activation),
            "renew" => Record!.Set.Id != File.ReadAllText(this["set"]),
            "destroy" => Record!.Key("governor") is null,
            "retire" => Record!.Tokens.IsEmpty,
            _ => Lines(this["killed"]).Contains($"{act}: done"),
        };

        /// <summary>The title and the list of the steps: read out before anything is done or logged.</summary>
        private static bool IsAnnounced(string line) =>
            line.Contains("SHA-256", StringComparison.Ordinal) || line.Contains(" / ", StringComparison.Ordinal);

        private void Heard(string line)
        {
            var moment = $"{act}: "
                + (line.StartsWith("   完了", StringComparison.Ordinal) ? "done" : line.Split('\n')[0].Trim());
            var isMeant = moment.EndsWith(": done", StringComparison.Ordinal) || (IsLong && !IsAnnounced(line));
            if (!isMeant || Lines(this["killed"]).Contains(moment))
                return;
            File.AppendAllText(this["killed"], moment + "\n");
            using var self = Process.GetCurrentProcess();
            self.Kill();
            Thread.Sleep(Timeout.Infinite);
        }
    }
}
