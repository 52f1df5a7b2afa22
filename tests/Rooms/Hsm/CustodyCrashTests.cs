using System.Collections.Immutable;
using System.Diagnostics;
using System.Security.Cryptography;
using Jpki.Hsm;
using Jpki.Hsm.Quorum;
using Jpki.X509;
using Xunit;

namespace Jpki.Tests.Rooms.Hsm;

/// <summary>
/// The whole life of a key, done by a process that is killed (SIGKILL) after every step of every act and started again.
/// </summary>
public sealed class CustodyCrashTests
{
    private const string Where = "JPKI_TEST_QUORUM";
    private static readonly string[] Tokens = ["First", "Second"];

    [Fact, Cps("4-14-1")]
    public async Task A_key_lives_through_a_kill_after_every_step_of_every_act()
    {
        using ScratchFolder folder = new();
        Directory.CreateDirectory(folder["tokens"]);
        File.WriteAllText(folder["softhsm2.conf"],
            $"directories.tokendir = {folder["tokens"]}\nobjectstore.backend = file\nlog.level = ERROR\n");

        for (var run = 0; run < 60 && !File.Exists(folder["outcome"]); run++)
        {
            var before = Lines(folder["killed"]).Length;
            using var child = Start(folder.Root, run);
            await child.WaitForExitAsync(TestContext.Current.CancellationToken);
            var killed = Lines(folder["killed"]).Length;
            Assert.True(killed == before + 1 || File.Exists(folder["outcome"]),
                $"run {run} ended by itself after \"{Lines(folder["killed"]).LastOrDefault()}\"\n"
                + File.ReadAllText(folder["said"]));
        }

        Assert.Equal("done", File.ReadAllText(folder["outcome"]));
        Assert.Equal(AllSteps, Lines(folder["killed"]));
        Assert.False(File.Exists(folder["governor.backup"]));
        Assert.Empty(Custody.Open(folder["custody"])!.Record.Tokens);
    }

    private static readonly string[] AllSteps =
    [
        "initialise: intent written", "initialise: token erased", "initialise: PINs set",
        "initialise: token registered",
        "generate: intent written", "generate: key pair made", "generate: backup written", "generate: key locked in",
        "generate: key registered",
        "restore: intent written", "restore: private key restored", "restore: public key restored",
        "restore: key registered",
        "renew: new shares written", "renew: intent written", "renew: user PIN of token First changed",
        "renew: SO PIN of token First changed", "renew: user PIN of token Second changed",
        "renew: SO PIN of token Second changed", "renew: backups of key governor encrypted anew",
        "renew: record replaced",
        "destroy: intent written", "destroy: destroyed in token First", "destroy: destroyed in token Second",
        "destroy: backup governor.backup destroyed", "destroy: key struck off",
        "retire: intent written", "retire: token erased", "retire: token struck off",
    ];

    [Fact(Explicit = true)]
    public void Child_lives_a_keys_life_and_is_killed_at_each_new_step()
    {
        Life life = new(Environment.GetEnvironmentVariable(Where)!);
        life.Begin();
        life.Take();
        life.Make();
        life.Renew();
        life.End();
    }

    private static string[] Lines(string path) => File.Exists(path) ? File.ReadAllLines(path) : [];

    private static Process Start(string folder, int run)
    {
        ProcessStartInfo start = new("/bin/sh");
        string[] program = Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal)
            ? [Environment.ProcessPath, typeof(CustodyCrashTests).Assembly.Location] : [Environment.ProcessPath];
        string[] arguments = ["-c", $"exec \"$0\" \"$@\" >'{folder}/said' 2>&1", .. program, "--explicit", "only",
            "--filter-method", $"{typeof(CustodyCrashTests).FullName}."
                + nameof(Child_lives_a_keys_life_and_is_killed_at_each_new_step)];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment[Where] = folder;
        start.Environment["JPKI_TEST_RUN"] = $"{run}";
        start.Environment[SoftHsm.Conf] = Path.Combine(folder, "softhsm2.conf");
        start.Environment["DOTNET_TieredPGO"] = "0";
        return Process.Start(start)!;
    }

    private sealed class Life(string folder)
    {
        private readonly RandomNumberGenerator random = RandomNumberGenerator.Create();
        private Custody custody = null!;

        private ImmutableArray<Custodian> People => [Person("sato"), Person("suzuki"), Person("tanaka")];

        private CustodyRecord Record => custody.Record;

        public void Begin()
        {
            custody = Custody.Open(In("custody")) ?? QuorumHouse.Made(
                Custody.Establish(In("custody"), People, 2, QuorumHouse.PassphraseOf, random));
            // Every other time the self-test sweeps first; else the act itself finds what was left.
            if (Environment.GetEnvironmentVariable("JPKI_TEST_RUN")![^1] % 2 == 0
                || Record.Pending is { Act: "renew" or "destroy" })
            {
                return;
            }
            using var quorum = Activate();
            Assert.All(SelfTest.Run(quorum), line => Assert.Null(line.Trouble));
        }

        public void Take()
        {
            using var quorum = Activate();
            foreach (var token in Tokens.Where(t => !Done("made") && Record.Tokens.All(known => known.Label != t)))
                Assert.Null(TokenActs.Initialise(quorum, new(token, SoftHsm.Module), Killing("initialise")));
        }

        public void Make()
        {
            using var quorum = Activate();
            if (!Done("made") && Record.Key("governor") is null)
            {
                QuorumHouse.Made(KeyActs.Generate(
                    quorum, "First", "governor", KeySpec.EcP256, In("governor.backup"), random,
                    Killing("generate")));
            }
            if (!Done("made") && Record.Key("governor")!.Tokens.Length == 1)
            {
                QuorumHouse.Made(KeyActs.Restore(
                    quorum, "Second", "governor", In("governor.backup"), Killing("restore")));
            }
            if (!Done("made"))
            {
                File.WriteAllText(In("made"),
                    $"{Record.Set.Id} {Convert.ToBase64String(Record.Key("governor")!.PublicKey)}");
            }
        }

        public void Renew()
        {
            var made = File.ReadAllText(In("made")).Split(' ');
            if (Record.Set.Id == made[0])
            {
                using var quorum = Activate();
                Assert.Null(Renewal.Renew(
                    quorum, [Person("sato"), Person("ito")], 2, QuorumHouse.PassphraseOf, random, Killing("renew")));
            }
            if (Record is { Pending: null } && Record.Key("governor") is { } key)
            {
                Assert.Equal(made[1], Convert.ToBase64String(key.PublicKey));
                using var quorum = Activate();
                using var hsm = quorum.Open("Second");
                Openssl.Accepts(hsm.Find("governor")!, SignatureAlgorithm.EcdsaSha256);
            }
        }

        public void End()
        {
            using var quorum = Activate();
            if (Record.Key("governor") is not null)
                Assert.Null(KeyActs.Destroy(quorum, "governor", Killing("destroy")));
            foreach (var token in Record.Tokens)
                Assert.Null(TokenActs.Retire(quorum, token.Label, Killing("retire")));
            File.WriteAllText(In("outcome"), "done");
        }

        private Activation Activate() => QuorumHouse.Made(custody.Activate([.. Record.Custodians.Take(2).Select(id =>
            QuorumHouse.Made(ShareFile.Open(
                ShareFile.PathOf(In(id), id, Record.Set.Id), QuorumHouse.PassphraseOf(id))))]));

        private Custodian Person(string id)
        {
            Directory.CreateDirectory(In(id));
            return new(id, In(id));
        }

        private Action<string> Killing(string act) => step =>
        {
            var line = $"{act}: {step}";
            if (Lines(In("killed")).Contains(line))
                return;
            File.AppendAllText(In("killed"), line + "\n");
            using var self = Process.GetCurrentProcess();
            self.Kill();
            Thread.Sleep(Timeout.Infinite);
        };

        private bool Done(string what) => File.Exists(In(what));

        private string In(string name) => Path.Combine(folder, name);
    }
}
