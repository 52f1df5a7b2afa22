using System.Diagnostics;
using System.Text.Json;
using Jpki.Authority;
using Jpki.Cps;
using Jpki.Forms;
using Jpki.Hsm;
using Jpki.Repository;
using Jpki.X509;
using Jpki.X509.Paths;
using Xunit;

namespace Jpki.Tests.Rooms.Authority;

/// <summary>
/// A change of the governor's key, its compromise, and the authority again under a third key, done by a process that is
/// killed (SIGKILL) at new steps and started again: at those of <see cref="WorstMoments"/>; with JPKI_LONG=1 at every
/// one, some sixty.
/// </summary>
public sealed class KilledActsTests
{
    private const string Where = "JPKI_TEST_ACTS";

    private static readonly bool IsLong = Environment.GetEnvironmentVariable("JPKI_LONG") == "1";

    /// <summary>By what the books say at that moment, and what has just become durable.</summary>
    private static readonly string[] WorstMoments =
    [
        "1 key: key pair made", "1 key: key change begun", "2 keys: key changed", "2 keys: object 30 handed over",
        "2 keys: shelves changed", "2 keys, one lost: compromise: notices prepared",
        "2 keys, one lost: CRLs and ARL issued", "2 keys, one lost: shelves changed", "3 keys, one lost: key changed",
    ];

    [Fact, Cps("4-13"), Cps("4-14-2"), Cps("4-4-9")]
    public async Task Both_acts_live_through_kills_and_nothing_answered_is_lost_and_no_number_is_given_twice()
    {
        using ScratchFolder folder = new();
        for (var run = 0; run < 120 && !File.Exists(folder["outcome"]); run++)
        {
            var before = Lines(folder["killed"]).Length;
            using var child = Start(folder.Root, run);
            await child.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(Lines(folder["killed"]).Length == before + 1 || File.Exists(folder["outcome"]),
                $"run {run} ended by itself after \"{Lines(folder["killed"]).LastOrDefault()}\"\n"
                + File.ReadAllText(folder["said"]));
        }

        Assert.Equal("done", File.ReadAllText(folder["outcome"]));
        Assert.Subset(Lines(folder["killed"]).ToHashSet(), WorstMoments.ToHashSet());
        await Life.Examine(folder.Root);
    }

    [Fact(Explicit = true)]
    public async Task Child_does_both_acts_and_is_killed_at_each_new_step()
    {
        await using var life = await Life.Open(
            Environment.GetEnvironmentVariable(Where)!,
            int.Parse(Environment.GetEnvironmentVariable("JPKI_TEST_RUN")!));
        await life.Live();
    }

    private static string[] Lines(string path) => File.Exists(path) ? File.ReadAllLines(path) : [];

    private static Process Start(string folder, int run)
    {
        ProcessStartInfo start = new("/bin/sh");
        string[] program = Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal)
            ? [Environment.ProcessPath, typeof(KilledActsTests).Assembly.Location] : [Environment.ProcessPath];
        string[] arguments = ["-c", $"exec \"$0\" \"$@\" >'{folder}/said' 2>&1", .. program, "--explicit", "only",
            "--filter-method", $"{typeof(KilledActsTests).FullName}."
                + nameof(Child_does_both_acts_and_is_killed_at_each_new_step)];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment[Where] = folder;
        start.Environment["JPKI_TEST_RUN"] = $"{run}";
        start.Environment["DOTNET_TieredPGO"] = "0";
        return Process.Start(start)!;
    }

    private sealed class Life : IAsyncDisposable
    {
        private readonly string folder;
        private AuthorityRoom? room;
        private PublishedHouse house = null!;
        private long logged, version;

        private Life(string folder) => this.folder = folder;

        public static async Task<Life> Open(string folder, int run)
        {
            Life life = new(folder) { version = new ShelfFiles(Path.Combine(folder, "shelves")).Load().Version };
            KillingHsm hsm = new(new SoftwareHsm(Path.Combine(folder, "keys")), life.Reached);
            var authority = await AuthorityHouse.OpenAgain(folder, run, hsm);
            life.room = authority.Room;
            life.logged = authority.Room.Log.Entries(0, long.MaxValue).Count();
            authority.Room.Store.Committed += life.Committed;
            life.house = await PublishedHouse.Open(authority, life.Published);
            return life;
        }

        /// <summary>Begins with the first act that is not done.</summary>
        public async Task Live()
        {
            await Serve(1);
            await Change(2);
            await Serve(2);
            await Lose();
            await Change(3);
            await Serve(3);
            File.WriteAllText(In("outcome"), "done");
        }

        /// <summary>What everybody can see afterwards, and what the books say.</summary>
        public static async Task Examine(string folder)
        {
            await using var life = await Open(folder, 999);
            var served = Lines(life.In("served")).Select(l => Certificate.Read(Convert.FromHexString(l))).ToArray();
            Assert.Equal([true, false, true], served.Select(life.IsGood));
            Assert.Equal(3, served.DistinctBy(c => $"{c.Serial}").Count());

            Assert.Equal([1, 2, 3], life.room!.Keys.Generations.Select(g => g.Number));
            // Each key's own, and two links for each change.
            Assert.Equal(7, life.house.Certificates.DistinctBy(c => $"{c.Serial}").Count());
            Assert.Equal(7, life.house.Certificates.Count);

            string[] log = [.. life.room.Log.Entries(0, long.MaxValue).Select(e => e.Json)];
            Assert.Equal(2, log.Count(l => l.Contains("\"key changed\"", StringComparison.Ordinal)));
            var report = life.room.Compromises.Report(2)!;
            Assert.Equal(5, report.Steps.Length);
            Assert.All(report.Steps, s => Assert.Single(
                log, l => l.Contains($"\"compromise: {s.Step}\"", StringComparison.Ordinal)));

            // Whoever has read list number N of an entry has read what everybody read under that number.
            var published = Lines(life.In("published")).Distinct().Select(l => l.Split('|')).ToArray();
            Assert.Equal(published.Length, published.DistinctBy(p => (p[0], p[1], p[2])).Count());
        }

        public ValueTask DisposeAsync() => house.DisposeAsync();

        private bool IsGood(Certificate resident) => room!.TrustAnchors.All(anchor =>
            new PathValidator(TimeProvider.System).Validate(
                house.PoolOf(anchor), new() { Target = resident, At = house.Authority.Clock.GetUtcNow() })
                .Objection is null);

        /// <summary>A notice that was not answered is sent again as it was.</summary>
        private async Task Serve(int number)
        {
            if (Lines(In("served")).Length >= number)
                return;
            if (!File.Exists(In($"notice-{number}")))
            {
                File.WriteAllBytes(In($"notice-{number}"), JsonSerializer.SerializeToUtf8Bytes(
                    house.Authority.Notice($"架空　{new string('太', number)}"), FormJson.Options));
            }
            var answer = await house.Authority.Issue(JsonSerializer.Deserialize<IssuanceNotice>(
                File.ReadAllBytes(In($"notice-{number}")), FormJson.Options)!);
            Assert.Null(answer.Refusal);
            File.AppendAllText(In("served"), Convert.ToHexString(answer.Value!.Certificate) + "\n");
        }

        private async Task Change(int generation)
        {
            if (room!.Keys.Find(generation) is null)
                Assert.Null((await house.Renew(generation)).Refusal);
            Assert.True(room.Keys.Find(generation)!.IsUsed);
        }

        private async Task Lose()
        {
            if (room!.Compromises.Report(2) is null)
                Assert.Null((await house.Declare(2)).Refusal);
            Assert.True(room.Compromises.Report(2)!.IsPublished);
        }

        private void Committed()
        {
            string[] entries = [.. room!.Log.Entries(logged, long.MaxValue).Select(e => e.Json)];
            logged += entries.Length;
            if (entries is [.., var last])
                Reached(JsonDocument.Parse(last).RootElement.GetProperty("what").GetString()!);
        }

        private void Published(string point)
        {
            if (point.StartsWith("shelves", StringComparison.Ordinal))
            {
                var shelf = new ShelfFiles(In("shelves")).Load();
                File.AppendAllLines(In("published"), shelf.Leaves.Where(l => l.List is not null)
                    .Select(l => $"{l.Entry}|{l.List!.Key}|{l.List.Number}|{l.Digest}"));
                point = shelf.Version == version ? "shelves unchanged" : "shelves changed";
                version = shelf.Version;
            }
            if (point.StartsWith("shelves", StringComparison.Ordinal) || point is "object 1 handed over"
                or "object 30 handed over")
            {
                Reached(point);
            }
        }

        private void Reached(string point)
        {
            var line = $"{Books}: {point}";
            if (Lines(In("killed")).Contains(line) || !(IsLong || WorstMoments.Contains(line)))
                return;
            File.AppendAllText(In("killed"), line + "\n");
            using var self = Process.GetCurrentProcess();
            self.Kill();
            Thread.Sleep(Timeout.Infinite);
        }

        private string Books => room is null ? "start"
            : room.Keys.Generations.Count is var keys && room.Keys.Generations.All(g => g.CompromisedAt is null)
                ? $"{keys} key{(keys > 1 ? "s" : "")}" : $"{keys} keys, one lost";

        private string In(string name) => Path.Combine(folder, name);
    }

    /// <summary>Says when a key pair has been made.</summary>
    private sealed class KillingHsm(IHsm hsm, Action<string> reached) : IHsm
    {
        public string Description => hsm.Description;

        public string? Trouble => hsm.Trouble;

        public void Reach() => hsm.Reach();

        public SigningKey? Find(string label) => hsm.Find(label);

        public Refusal? ObjectionTo(string label) => hsm.ObjectionTo(label);

        public SigningKey Generate(string label, KeySpec spec)
        {
            var key = hsm.Generate(label, spec);
            reached("key pair made");
            return key;
        }
    }
}
