using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Jpki.ControlRoom.Registers;
using Jpki.Cps;
using Jpki.Host;
using Jpki.Host.Commands;
using Xunit;

namespace Jpki.Tests.Scenarios;

/// <summary>
/// An organisation hands over to another, which begins in an empty folder with keys of its own: what was issued can be
/// checked, ended and read there, and nothing secret came along.
/// </summary>
public sealed class ASuccessor
{
    private static readonly string[] Rooms =
        ["authority", "control", "counter", "ocsp", "repository", "validation", "verifiers"];

    [Fact, Cps("4-18"), Cps("2-1-2(31)"), Cps("4-12-2-1")]
    public async Task Goes_on_where_the_other_ended_with_keys_of_its_own()
    {
        await using RunningPrefecture before = new() { Residents = 2_000 };
        await before.Start();
        var issued = AKilledPrefecture.Issue(before, "11201", "issued", 3);
        before.Jpki("sandbox", "revoke", "--serial", issued[0], "--reason", "keyCompromise").Succeeded();
        before.Jpki("sandbox", "publish").Succeeded();
        var verifier = before.Scratch("verifier");
        before.Jpki("sandbox", "verifier", "--name", "検証者", "--out", verifier).Succeeded();
        var entry = await WriteEntry(before);
        var oldAnchor = File.ReadAllBytes(before.Door("trustAnchor"));
        await before.Interrupt();

        var handover = Path.Combine(before.Scratch("media"), "handover");
        var report = before.Jpki("handover", "--to", handover, "--json").Succeeded();
        Assert.Equal(3, CertificatesIn(handover));
        Assert.Equal(2, before.Jpki("handover", "--to", handover).ExitCode);
        AssertIsWholeToForeignEyes(handover, JsonDocument.Parse(report.Output).RootElement);
        AssertHoldsNoSecretOf(before, handover);
        var lists = Directory.GetFiles(Path.Combine(handover, "crls"));
        Assert.True(lists.Length >= 64);
        var oldCa = before.Scratch("openssl") + "/old.pem";
        File.WriteAllText(oldCa, Openssl("x509", "-inform", "DER", "-in", before.Door("trustAnchor")));
        Tool.Run("openssl", "crl", "-inform", "DER", "-in", lists.Single(l => l.EndsWith("1-11201.crl", StringComparison.Ordinal)),
            "-noout", "-CAfile", oldCa).Succeeded();

        await using RunningPrefecture after = new()
        {
            Residents = 2_000,
            MoreOptions = ["--from-handover", handover, "--handover-key", Path.Combine(before.Data, "authority", "log.pub")],
        };
        await after.Start();
        AssertAnswers(after, verifier, oldCa, before.Scratch("issued"), issued, [true, false, false]);
        after.Jpki("sandbox", "revoke", "--serial", issued[1], "--reason", "superseded").Succeeded();
        AssertAnswers(after, verifier, oldCa, before.Scratch("issued"), issued, [true, true, false]);
        Assert.Equal(entry, await ReadEntry(after));

        // Its own key: another anchor, with the next number, and lists that the new anchor signs.
        var newAnchor = File.ReadAllBytes(after.Door("trustAnchor"));
        Assert.NotEqual(oldAnchor, newAnchor);
        var own = AKilledPrefecture.Issue(after, "11203", "own", 1);
        Assert.DoesNotContain(own[0], issued);
        var shelf = Ldap.Search(after, after.Door("ldap"), "-b",
            "ou=The Governor of Saitama Prefecture,ou=Saitama Prefecture,o=JPKI-TEST,c=JP", "-s", "base").Succeeded().Text;
        Assert.Contains(Convert.ToBase64String(oldAnchor)[..60], shelf.Replace("\n ", "", StringComparison.Ordinal));
        Assert.Contains(Convert.ToBase64String(newAnchor)[..60], shelf.Replace("\n ", "", StringComparison.Ordinal));
        AssertNewCertificateIsListed(after, verifier, own[0]);
        AKilledPrefecture.AssertLogsAreWhole(after);

        await after.Kill();
        after.MoreOptions = [];
        await after.Start();
        AssertAnswers(after, verifier, oldCa, before.Scratch("issued"), issued, [true, true, false]);
        await Refuses_a_hand_over_that_is_not_as_it_was_signed(before, handover);
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
        File.Copy(Path.Combine(before.Data, "authority", "keys", "governor-1.key"), Path.Combine(keys, "governor-1.key"));
        await after.Start();

        Assert.Equal(anchor, File.ReadAllBytes(after.Door("trustAnchor")));
        var own = AKilledPrefecture.Issue(after, "11203", "own", 1);
        after.Jpki("sandbox", "publish").Succeeded();
        var verifier = after.Scratch("verifier");
        after.Jpki("sandbox", "verifier", "--name", "検証者", "--out", verifier).Succeeded();
        var ca = Path.Combine(after.Scratch("openssl"), "ca.pem");
        File.WriteAllText(ca, Openssl("x509", "-inform", "DER", "-in", after.Door("trustAnchor")));
        foreach (var (serial, status) in ((string, string)[])
            [(issued[0], ": revoked"), (issued[1], ": good"), (own[0], ": good")])
        {
            var said = Tool.Run("openssl", "ocsp", "-issuer", ca, "-serial", $"0x{serial}", "-url", after.Door("ocsp"),
                "-CAfile", ca, "-signer", Path.Combine(verifier, "client.cer"),
                "-signkey", Path.Combine(verifier, "client.key")).Succeeded();
            Assert.Contains("Response verify OK", said.Errors, StringComparison.Ordinal);
            Assert.Contains(status, said.Text, StringComparison.Ordinal);
        }
        var list = Ldap.Read(
            after, verifier,
            "cn=Kawagoe-shi CRLDP,ou=Saitama-ken,ou=CRL Distribution Points,ou=Saitama Prefecture,o=JPKI-TEST,c=JP",
            "certificateRevocationList;binary");
        var text = Tool.Run("openssl", list, "crl", "-inform", "DER", "-noout", "-text", "-CAfile", ca);
        Assert.Contains("verify OK", text.Errors, StringComparison.Ordinal);
        Assert.Contains(issued[0], text.Text, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Not run by itself: three hundred thousand certificates take a minute to make up.</summary>
    [Fact(Explicit = true), Cps("4-18")]
    public async Task Takes_over_many_certificates_in_memory_that_does_not_grow_with_them()
    {
        await using RunningPrefecture before = new() { Residents = 20 };
        await before.Start();
        await before.Interrupt();
        await FillWithLive(before.Data, 300_000);
        var handover = Path.Combine(before.Scratch("media"), "handover");

        var report = JsonDocument.Parse(before.Jpki("handover", "--to", handover, "--json").Succeeded().Output).RootElement;
        await using RunningPrefecture after = new() { Residents = 20, MoreOptions = ["--from-handover", handover] };
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await after.Start();

        TestContext.Current.SendDiagnosticMessage(
            $"{report.GetProperty("octets").GetInt64() / 1e6:n0} MB written in {report.GetProperty("seconds").GetDouble():n1} s "
            + $"with {report.GetProperty("peakMemoryMegabytes").GetDouble():n0} MB; read and open after {watch.Elapsed.TotalSeconds:n1} s");
        Assert.InRange(report.GetProperty("peakMemoryMegabytes").GetDouble(), 1, 400);
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
            await Jpki.Authority.MadeUpBook.FillWithLive(room, count, _ => { });
    }

    private static Task Refuses_a_hand_over_that_is_not_as_it_was_signed(RunningPrefecture before, string handover)
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
        Spoilt("authority/more.jsonl", copy => File.WriteAllText(Path.Combine(copy, "authority", "more.jsonl"), "{}\n"));
        Spoilt("link", copy => File.CreateSymbolicLink(Path.Combine(copy, "link"), "/etc/passwd"));
        Spoilt("signature", copy => Flip(Path.Combine(copy, "index")));
        return Task.CompletedTask;
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
        Assert.Equal(0, Tool.Run("env", "LC_ALL=C", "grep", "-r", "-q", "-a", "-F", "-f", needles, before.Data).ExitCode);
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

    /// <summary>A signed question by an admitted verifier; the responder is one that he has been told to trust.</summary>
    private static void AssertAnswers(
        RunningPrefecture after, string verifier, string oldCa, string folder, List<string> serials, bool[] revoked)
    {
        var responder = Path.Combine(after.Scratch("openssl"), "responder.pem");
        File.WriteAllText(responder, Openssl("x509", "-inform", "DER", "-in", Directory.GetFiles(
            Path.Combine(after.Data, "ocsp"), "ocsp-1-*.cer").Order(StringComparer.Ordinal).Last()));
        for (var i = 0; i < serials.Count; i++)
        {
            var said = Tool.Run("openssl", "ocsp", "-issuer", oldCa, "-serial", $"0x{serials[i]}",
                "-url", after.Door("ocsp"), "-VAfile", responder,
                "-signer", Path.Combine(verifier, "client.cer"), "-signkey", Path.Combine(verifier, "client.key"))
                .Succeeded();
            Assert.Contains("Response verify OK", said.Errors, StringComparison.Ordinal);
            Assert.Contains(revoked[i] ? ": revoked" : ": good", said.Text, StringComparison.Ordinal);
        }
        Assert.NotEmpty(folder);
    }

    /// <summary>The CRL of the city, fetched as an admitted verifier, under the successor's anchor.</summary>
    private static void AssertNewCertificateIsListed(RunningPrefecture after, string verifier, string serial)
    {
        after.Jpki("sandbox", "revoke", "--serial", serial, "--reason", "superseded").Succeeded();
        after.Jpki("sandbox", "publish").Succeeded();
        var fresh = after.Scratch("another-verifier");
        after.Jpki("sandbox", "verifier", "--name", "別の検証者", "--out", fresh).Succeeded();
        var newCa = Path.Combine(after.Scratch("openssl"), "new.pem");
        File.WriteAllText(newCa, Openssl("x509", "-inform", "DER", "-in", after.Door("trustAnchor")));
        var text = Ldap.Search(
            after, after.Door("ldaps"), "-b",
            "cn=Kawaguchi-shi CRLDP,ou=Saitama-ken,ou=CRL Distribution Points,ou=Saitama Prefecture,o=JPKI-TEST,c=JP",
            "-s", "base", "-D", Json(fresh, "ldapDn"), "-w", Json(fresh, "ldapPassword"), "certificateRevocationList;binary")
            .Succeeded().Text;
        var lists = Ldap.Values(text, "certificateRevocationList;binary");
        var ours = lists.Single(l => Tool.Run("openssl", l, "crl", "-inform", "DER", "-noout", "-CAfile", newCa).Errors
            .Contains("verify OK", StringComparison.Ordinal));
        Assert.Contains(
            serial, Tool.Run("openssl", ours, "crl", "-inform", "DER", "-noout", "-text").Text,
            StringComparison.OrdinalIgnoreCase);
        Assert.Equal(2, lists.Count);                         // And the predecessor's last, as long as it is valid.
        Assert.NotEmpty(verifier);
    }

    private static int CertificatesIn(string handover) =>
        File.ReadLines(Path.Combine(handover, "authority", "certificate.jsonl")).Count(l =>
            l.Contains("\"kind\":2,", StringComparison.Ordinal));

    private static async Task<string> WriteEntry(RunningPrefecture prefecture)
    {
        using SandboxClient sandbox = new(Endpoints.Read(prefecture.Data));
        var written = await new ConsoleVisit(sandbox).Send<RegisterEntry>(
            Duties.KeepRegisters, "api/registers/AG", new
            {
                date = "2026-11-20",
                place = "書庫 A-1",
                fields = new { title = "取決め", party = "V-0001" },
            });
        return written.Number;
    }

    private static async Task<string> ReadEntry(RunningPrefecture prefecture)
    {
        using SandboxClient sandbox = new(Endpoints.Read(prefecture.Data));
        return (await new ConsoleVisit(sandbox).Get<JsonElement>(
            Duties.KeepRegisters, "api/registers/AG/AG-2026-00001")).ToString() is var text
            && text.Contains("書庫 A-1", StringComparison.Ordinal) ? "AG-2026-00001" : text;
    }

    private static string Json(string folder, string name) => JsonDocument.Parse(
        File.ReadAllBytes(Path.Combine(folder, "verifier.json"))).RootElement.GetProperty(name).GetString()!;

    private static string Openssl(params string[] arguments) => Tool.Run("openssl", arguments).Succeeded().Text;
}
