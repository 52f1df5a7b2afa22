using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Jpki.ControlRoom.Registers;
using Jpki.Cps;
using Jpki.Host;
using Jpki.Host.Commands;
using Jpki.Tests.Rooms.Hsm;
using Xunit;

namespace Jpki.Tests.Scenarios;

/// <summary>
/// An organisation hands over to another, which begins in an empty folder with keys of its own: what was issued can be
/// checked, ended and read there, and nothing secret came along.
/// </summary>
public sealed class ASuccessor(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private static readonly string[] Rooms =
        ["authority", "control", "counter", "ocsp", "repository", "validation", "verifiers"];

    private const string Authority =
        "ou=The Governor of Saitama Prefecture,ou=Saitama Prefecture,o=JPKI-TEST,c=JP";

    private const string Points =
        "CRLDP,ou=Saitama-ken,ou=CRL Distribution Points,ou=Saitama Prefecture,o=JPKI-TEST,c=JP";

    [Fact, Cps("4-18"), Cps("2-1-2(31)"), Cps("4-12-2-1")]
    public async Task Goes_on_where_the_other_ended_with_keys_of_its_own()
    {
        await using RunningPrefecture before = new() { Residents = 2_000 };
        var handed = await HandOver(before);
        AssertHoldsNoSecretOf(before, handed.Folder);

        await using RunningPrefecture after = new() { Residents = 2_000, MoreOptions = handed.Options };
        await after.Start();
        await AssertGoesOn(after, handed);

        await after.Kill();
        after.MoreOptions = [];
        await after.Start();
        AssertAnswers(after, handed, [true, true, false]);
        AssertRefusesWhatIsNotAsItWasSigned(before, handed.Folder);
    }

    [Fact, Cps("4-18"), Cps("4-12-2-1")]
    public async Task Goes_on_in_a_database_of_its_own_after_one_also_when_it_was_killed_while_it_took_over()
    {
        var (theirs, ours) = (postgres.NewDatabase(), postgres.NewDatabase());
        await using RunningPrefecture before = new();
        before.MoreOptions = AnotherMachineRoom.Options(before, theirs, SoftHsm.Predecessor);
        var handed = await HandOver(before);
        Assert.Equal(1, Tool.Run("grep", "-rqe", "postgres://", "-e", "pkcs11:", handed.Folder).ExitCode);

        await using RunningPrefecture after = new() { MoreOptions = [.. handed.Options, "--database", ours] };
        await after.KillWhenItSays("control/register_entries");
        await after.Start();
        await AssertGoesOn(after, handed);
        Assert.Empty(Directory.GetFiles(after.Data, "*.db", SearchOption.AllDirectories));

        var refused = Tool.Run(
            "dotnet", RunningPrefecture.Program, "up", "--data", after.Scratch("third"), "--database", theirs,
            "--from-handover", handed.Folder);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("name an empty database", refused.Errors, StringComparison.Ordinal);
        before.Jpki("handover", "--to", Path.Combine(before.Scratch("media"), "again")).Succeeded();
    }

    [Fact, Cps("4-18"), Cps("6-2-1-4")]
    public async Task Goes_on_under_the_same_key_when_a_ceremony_brought_it()
    {
        await using RunningPrefecture before = new() { Residents = 2_000 };
        await before.Start();
        var issued = AKilledPrefecture.Issue(before, "11201", "issued", 2);
        before.Jpki("sandbox", "revoke", "--serial", issued[0], "--reason", "keyCompromise").Succeeded();
        var anchor = File.ReadAllBytes(before.Door("trustAnchor"));
        await before.Interrupt();
        var handover = Path.Combine(before.Scratch("media"), "handover");
        before.Jpki("handover", "--to", handover).Succeeded();

        await using RunningPrefecture after = new() { Residents = 2_000, MoreOptions = ["--from-handover", handover] };
        var keys = Path.Combine(after.Data, "authority", "keys");
        Hsm.SecretFile.CreateFolder(keys);
        const string Key = "governor-1.key";
        File.Copy(Path.Combine(before.Data, "authority", "keys", Key), Path.Combine(keys, Key));
        await after.Start();

        Assert.Equal(anchor, File.ReadAllBytes(after.Door("trustAnchor")));
        var own = AKilledPrefecture.Issue(after, "11203", "own", 1);
        after.Jpki("sandbox", "publish").Succeeded();
        var verifier = after.Scratch("verifier");
        after.Jpki("sandbox", "verifier", "--name", "検証者", "--out", verifier).Succeeded();
        var ca = Pem(after, after.Door("trustAnchor"));
        foreach (var (serial, status) in ((string, string)[])
            [(issued[0], ": revoked"), (issued[1], ": good"), (own[0], ": good")])
        {
            var said = Tool.Run("openssl", "ocsp", "-issuer", ca, "-serial", $"0x{serial}", "-url", after.Door("ocsp"),
                "-CAfile", ca, "-signer", Path.Combine(verifier, "client.cer"),
                "-signkey", Path.Combine(verifier, "client.key")).Succeeded();
            Assert.Contains("Response verify OK", said.Errors, StringComparison.Ordinal);
            Assert.Contains(status, said.Text, StringComparison.Ordinal);
        }
        var list = Ldap.Read(after, verifier, $"cn=Kawagoe-shi {Points}", "certificateRevocationList;binary");
        var text = Tool.Run("openssl", list, "crl", "-inform", "DER", "-noout", "-text", "-CAfile", ca);
        Assert.Contains("verify OK", text.Errors, StringComparison.Ordinal);
        Assert.Contains(issued[0], text.Text, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Not run by itself: three hundred thousand certificates take a minute to make up.</summary>
    [Fact(Explicit = true), Cps("4-18")]
    public async Task Takes_over_many_certificates_in_memory_that_does_not_grow_with_them()
    {
        await using RunningPrefecture before = new() { Residents = 300 };
        await before.Start();
        AKilledPrefecture.Issue(before, "11100", "one", 1);
        await before.Interrupt();
        await FillWithLive(before.Data, 300_000);
        var handover = Path.Combine(before.Scratch("media"), "handover");

        var report = JsonDocument.Parse(
            before.Jpki("handover", "--to", handover, "--json").Succeeded().Output).RootElement;
        await using RunningPrefecture after = new() { Residents = 300, MoreOptions = ["--from-handover", handover] };
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await after.Start();

        var (octets, seconds, memory) = (Number("octets"), Number("seconds"), Number("peakMemoryMegabytes"));
        Console.Error.WriteLine(
            $"{octets / 1e6:n0} MB written in {seconds:n1} s with {memory:n0} MB of memory, "
            + $"read and open after {watch.Elapsed.TotalSeconds:n1} s");
        Assert.InRange(memory, 1, 400);

        double Number(string name) => report.GetProperty(name).GetDouble();
    }

    private static async Task FillWithLive(string data, int count)
    {
        using var random = RandomNumberGenerator.Create();
        Hsm.SoftwareHsm hsm = new(Path.Combine(data, "authority", "keys"));
        var room = (await Jpki.Authority.AuthorityRoom.Open(new()
        {
            Folder = Path.Combine(data, "authority"),
            Database = Path.Combine(data, "authority", "store.db"),
            Hsm = hsm,
            OperationsHsm = hsm,
            Names = PrefectureNames.Sandbox,
            Clock = TimeProvider.System,
            Random = random,
        })).Value!;
        await using (room)
        {
            await Jpki.Authority.MadeUpBook.FillWithLive(room, count, _ => { });
            // A successor reads each of them.
            await room.Store.Write(tx => tx.Execute(
                """
                UPDATE certificate SET der = (SELECT der FROM certificate WHERE kind = 2 ORDER BY counter LIMIT 1)
                WHERE kind = 2
                """));
        }
    }

    /// <summary>A prefecture at work, closed, and handed over.</summary>
    private static async Task<Handed> HandOver(RunningPrefecture before)
    {
        await before.Start();
        var issued = AKilledPrefecture.Issue(before, "11201", "issued", 3);
        before.Jpki("sandbox", "revoke", "--serial", issued[0], "--reason", "keyCompromise").Succeeded();
        before.Jpki("sandbox", "publish").Succeeded();
        var verifier = before.Scratch("verifier");
        before.Jpki("sandbox", "verifier", "--name", "検証者", "--out", verifier).Succeeded();
        await WriteEntry(before);
        await before.Interrupt();

        var folder = Path.Combine(before.Scratch("media"), "handover");
        var report = before.Jpki("handover", "--to", folder, "--json").Succeeded();
        Assert.Equal(2, before.Jpki("handover", "--to", folder).ExitCode);
        Assert.Equal(3, CertificatesIn(folder));
        AssertIsWholeToForeignEyes(folder, JsonDocument.Parse(report.Output).RootElement);
        Handed handed = new(
            folder, Path.Combine(before.Data, "authority", "log.pub"), verifier, issued,
            Pem(before, before.Door("trustAnchor")), File.ReadAllBytes(before.Door("trustAnchor")));
        var list = Path.Combine(folder, "crls", "1-11201.crl");
        var said = Tool.Run("openssl", "crl", "-inform", "DER", "-in", list, "-noout", "-CAfile", handed.Ca);
        Assert.Contains("verify OK", said.Errors, StringComparison.Ordinal);
        var inner = Tool.Run("openssl", "crl", "-in", Path.Combine(folder, "crls", "operations.crl"), "-noout",
            "-CAfile", Pem(before, Path.Combine(folder, "certificates", "operations.cer")));
        Assert.Contains("verify OK", inner.Errors, StringComparison.Ordinal);
        return handed;
    }

    /// <summary>One was revoked before, another by the successor, who also issues under a key of its own.</summary>
    private static async Task AssertGoesOn(RunningPrefecture after, Handed handed)
    {
        AssertAnswers(after, handed, [true, false, false]);
        after.Jpki("sandbox", "revoke", "--serial", handed.Issued[1], "--reason", "superseded").Succeeded();
        AssertAnswers(after, handed, [true, true, false]);
        Assert.Contains("書庫 A-1", await ReadEntry(after), StringComparison.Ordinal);
        AssertHasAnAnchorOfItsOwn(after, handed);
        AssertListsWhatItIssued(after, AKilledPrefecture.Issue(after, "11203", "own", 1)[0]);
        AKilledPrefecture.AssertLogsAreWhole(after);
    }

    /// <summary>Another key under the same name; both stand in the directory.</summary>
    private static void AssertHasAnAnchorOfItsOwn(RunningPrefecture after, Handed handed)
    {
        var anchor = File.ReadAllBytes(after.Door("trustAnchor"));
        Assert.NotEqual(handed.Anchor, anchor);
        var shelf = Ldap.Values(
            Ldap.Search(after, after.Door("ldap"), "-b", Authority, "-s", "base").Succeeded().Text,
            "cACertificate;binary");
        Assert.Contains(handed.Anchor, shelf);
        Assert.Contains(anchor, shelf);
    }

    private static void AssertRefusesWhatIsNotAsItWasSigned(RunningPrefecture before, string handover)
    {
        var copies = 0;
        void Spoilt(string words, Action<string> spoil)
        {
            var copy = Path.Combine(before.Scratch("spoilt"), $"{++copies}");
            Tool.Run("cp", "-a", handover, copy).Succeeded();
            spoil(copy);
            var data = copy + "-data";
            var refused = Tool.Run("dotnet", RunningPrefecture.Program, "up", "--data", data, "--from-handover", copy);
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains("CPS 4-18", refused.Errors, StringComparison.Ordinal);
            Assert.Contains(words, refused.Errors, StringComparison.Ordinal);
            Assert.False(File.Exists(Path.Combine(data, "site.json")));
        }
        Spoilt("verifiers/verifier.jsonl", copy => Flip(Path.Combine(copy, "verifiers", "verifier.jsonl")));
        Spoilt("crls/1-11201.crl", copy => File.Delete(Path.Combine(copy, "crls", "1-11201.crl")));
        Spoilt("authority/more", copy => File.WriteAllText(Path.Combine(copy, "authority", "more"), "{}\n"));
        Spoilt("link", copy => File.CreateSymbolicLink(Path.Combine(copy, "link"), "/etc/passwd"));
        Spoilt("signature", copy => Flip(Path.Combine(copy, "index")));
    }

    private static void Flip(string file)
    {
        var octets = File.ReadAllBytes(file);
        octets[octets.Length / 2] ^= 1;
        File.WriteAllBytes(file, octets);
    }

    /// <summary>sha256sum on every file, and each log with its public key alone.</summary>
    private static void AssertIsWholeToForeignEyes(string handover, JsonElement report)
    {
        var sums = Tool.Run("sh", "-c", $"cd {handover} && sha256sum -c index").Succeeded().Text;
        Assert.Equal(
            report.GetProperty("files").GetInt32(),
            sums.Split('\n').Count(l => l.EndsWith(": OK", StringComparison.Ordinal)));
        foreach (var room in Rooms)
        {
            var log = Path.Combine(handover, "logs", room);
            Tool.Run("dotnet", RunningPrefecture.Program, "ledger", "verify", "--log", log,
                "--key", Path.Combine(log, "log.pub")).Succeeded();
        }
    }

    /// <summary>
    /// The private numbers of every key in the prefecture's folder, its other secrets, its passwords and their hashes:
    /// none of it is there, in no spelling.
    /// </summary>
    private static void AssertHoldsNoSecretOf(RunningPrefecture before, string handover)
    {
        var files = Directory.EnumerateFiles(before.Data, "*", SearchOption.AllDirectories).Where(f =>
            f.EndsWith(".key", StringComparison.Ordinal) || f.EndsWith(".pem", StringComparison.Ordinal)).ToList();
        var secrets = files.SelectMany(f => Numbers(File.ReadAllBytes(f))).ToList();
        Assert.InRange(secrets.Count, files.Count - 1, int.MaxValue);                // One PEM file is a certificate.
        List<string> words =
        [
            .. secrets.SelectMany(Spellings), .. Endpoints.Read(before.Data).Officers.Select(o => o.Password),
            "argon2id", "PRIVATE",
        ];
        var needles = Path.Combine(before.Scratch("needles"), "secrets");
        File.WriteAllLines(needles, words, Encoding.Latin1);

        var found = Tool.Run("env", "LC_ALL=C", "grep", "-r", "-l", "-a", "-F", "-f", needles, handover);

        Assert.True(found.ExitCode == 1, found.Text + found.Errors);                 // 1: nothing.
        Tool.Run("env", "LC_ALL=C", "grep", "-r", "-q", "-a", "-F", "-f", needles, before.Data).Succeeded();
    }

    private static IEnumerable<byte[]> Numbers(byte[] file)
    {
        var text = Encoding.Latin1.GetString(file);
        if (text.StartsWith("PRIVATE+KEY+", StringComparison.Ordinal))
            return [Convert.FromBase64String(text.TrimEnd().Split('+', 5)[4])[1..]];
        var isPem = text.StartsWith("-----", StringComparison.Ordinal);
        if (isPem && !text.Contains("PRIVATE KEY", StringComparison.Ordinal))
            return [];
        if (!isPem && file is not [0x30, ..])
            return [file];
        try
        {
            using var rsa = RSA.Create();
            Read(rsa);
            var numbers = rsa.ExportParameters(true);
            return [numbers.D!, numbers.P!, numbers.Q!];
        }
        catch (CryptographicException)
        {
            using var elliptic = ECDsa.Create();
            Read(elliptic);
            return [elliptic.ExportParameters(true).D!];
        }

        void Read(AsymmetricAlgorithm key)
        {
            if (isPem)
                key.ImportFromPem(text);
            else
                key.ImportPkcs8PrivateKey(file, out _);
        }
    }

    /// <summary>Raw pieces, hexadecimal, and base64 wherever in a longer text it may begin.</summary>
    private static IEnumerable<string> Spellings(byte[] secret) =>
    [
        .. Encoding.Latin1.GetString(secret).Split('\n', '\0').Where(piece => piece.Length >= 8),
        Convert.ToHexString(secret), Convert.ToHexStringLower(secret),
        .. Enumerable.Range(0, 3).Select(shift => Convert.ToBase64String(secret[shift..])[..20]),
    ];

    /// <summary>A signed question by an admitted verifier; the responder is one he was told to trust.</summary>
    private static void AssertAnswers(RunningPrefecture after, Handed handed, bool[] revoked)
    {
        var responder = Pem(after, Directory.GetFiles(Path.Combine(after.Data, "ocsp"), "ocsp-1-*.cer")
            .Order(StringComparer.Ordinal).Last());
        for (var i = 0; i < revoked.Length; i++)
        {
            var said = Tool.Run("openssl", "ocsp", "-issuer", handed.Ca, "-serial", $"0x{handed.Issued[i]}",
                "-url", after.Door("ocsp"), "-VAfile", responder,
                "-signer", Path.Combine(handed.Verifier, "client.cer"),
                "-signkey", Path.Combine(handed.Verifier, "client.key")).Succeeded();
            Assert.Contains("Response verify OK", said.Errors, StringComparison.Ordinal);
            Assert.Contains(revoked[i] ? ": revoked" : ": good", said.Text, StringComparison.Ordinal);
        }
    }

    /// <summary>
    /// The city's lists, fetched as an admitted verifier: one under the successor's anchor, and the predecessor's last.
    /// </summary>
    private static void AssertListsWhatItIssued(RunningPrefecture after, string serial)
    {
        after.Jpki("sandbox", "revoke", "--serial", serial, "--reason", "superseded").Succeeded();
        after.Jpki("sandbox", "publish").Succeeded();
        var verifier = after.Scratch("another-verifier");
        after.Jpki("sandbox", "verifier", "--name", "別の検証者", "--out", verifier).Succeeded();
        var text = Ldap.Search(
            after, after.Door("ldaps"), "-D", Json(verifier, "ldapDn"), "-w", Json(verifier, "ldapPassword"),
            "-b", $"cn=Kawaguchi-shi {Points}", "-s", "base", "certificateRevocationList;binary").Succeeded().Text;
        var lists = Ldap.Values(text, "certificateRevocationList;binary");
        Assert.Equal(2, lists.Count);
        var anchor = Pem(after, after.Door("trustAnchor"));
        var ours = lists.Single(l => Tool.Run("openssl", l, "crl", "-inform", "DER", "-noout", "-CAfile", anchor).Errors
            .Contains("verify OK", StringComparison.Ordinal));
        Assert.Contains(
            serial, Tool.Run("openssl", ours, "crl", "-inform", "DER", "-noout", "-text").Text,
            StringComparison.OrdinalIgnoreCase);
    }

    private static int CertificatesIn(string handover) =>
        File.ReadLines(Path.Combine(handover, "authority", "certificate.jsonl")).Count(l =>
            l.Contains("\"kind\":2,", StringComparison.Ordinal));

    private static async Task WriteEntry(RunningPrefecture prefecture)
    {
        using SandboxClient sandbox = new(Endpoints.Read(prefecture.Data));
        await new ConsoleVisit(sandbox).Send<RegisterEntry>(
            Duties.KeepRegisters, "api/registers/AG", new
            {
                date = "2026-11-20",
                place = "書庫 A-1",
                fields = new { title = "取決め", party = "V-0001" },
            });
    }

    private static async Task<string> ReadEntry(RunningPrefecture prefecture)
    {
        using SandboxClient sandbox = new(Endpoints.Read(prefecture.Data));
        return (await new ConsoleVisit(sandbox).Get<JsonElement>(
            Duties.KeepRegisters, "api/registers/AG/AG-2026-00001")).ToString();
    }

    private static string Json(string folder, string name) => JsonDocument.Parse(
        File.ReadAllBytes(Path.Combine(folder, "verifier.json"))).RootElement.GetProperty(name).GetString()!;

    private static string Pem(RunningPrefecture prefecture, string der)
    {
        var pem = Path.Combine(prefecture.Scratch("openssl"), Path.GetFileName(der) + ".pem");
        Tool.Run("openssl", "x509", "-inform", "DER", "-in", der, "-out", pem).Succeeded();
        return pem;
    }

    /// <summary>What is on the medium, and what the test remembers of the prefecture that wrote it.</summary>
    private sealed record Handed(
        string Folder, string Key, string Verifier, IReadOnlyList<string> Issued, string Ca, byte[] Anchor)
    {
        public IReadOnlyList<string> Options => ["--from-handover", Folder, "--handover-key", Key];
    }
}
