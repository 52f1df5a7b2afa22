using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Jpki.Hsm;
using Jpki.X509;
using Net.Pkcs11Interop.Common;

namespace Jpki.Bench;

/// <summary>
/// Goal: signing through our pool reaches 95 % of what the module does with one session for each core and nothing
/// around it. Beside it what leaves the service, where each signature is checked first, which is no work of the pool's.
/// All in turns in one run, RSA-2048, SoftHSM.
/// </summary>
internal static class HsmBench
{
    private const string Module = "/usr/lib/softhsm/libsofthsm2.so";
    private const string Label = "bench";
    private const string Pin = "bench-pin";
    private const int Rounds = 6;

    private static readonly SignatureAlgorithm Algorithm = SignatureAlgorithm.Sha256WithRsa;
    private static readonly byte[] Hash = SHA256.HashData("a certificate"u8);

    public static HsmFigures Measure(double seconds)
    {
        var folder = Directory.CreateTempSubdirectory("jpki-bench-").FullName;
        try
        {
            MakeToken(folder);
            using Pkcs11Hsm hsm = new(Module, Label, Pin);
            var key = hsm.Generate(Label, KeySpec.Rsa2048);
            using Pkcs11Token pool = new(Module, Label, new(Pin), TimeSpan.FromSeconds(10));
            var round = TimeSpan.FromSeconds(seconds / Rounds / 3);
            double pooled = 0, raw = 0, served = 0;
            for (var i = 0; i < Rounds; i++)
            {
                raw += Rate(round, RawSigner) / Rounds;
                pooled += Rate(round, () => (() => Pooled(pool), Nothing)) / Rounds;
                served += Rate(round, () => (() => key.SignHash(Hash, Algorithm), Nothing)) / Rounds;
            }
            return new(pooled, served, raw, Environment.ProcessorCount);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void MakeToken(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "tokens"));
        var conf = Path.Combine(folder, "softhsm2.conf");
        File.WriteAllText(conf, $"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n");
        _ = SetEnv("SOFTHSM2_CONF", conf, 1);
        ProcessStartInfo start = new("softhsm2-util",
            ["--init-token", "--free", "--label", Label, "--so-pin", "bench-so-pin", "--pin", Pin]);
        start.Environment["SOFTHSM2_CONF"] = conf;
        start.RedirectStandardOutput = true;
        using var made = Process.Start(start)!;
        made.WaitForExit();
    }

    /// <summary>Signatures a second, of one thread for each core.</summary>
    private static double Rate(TimeSpan length, Func<(Action Sign, Action Close)> signer)
    {
        var done = 0L;
        var clock = Stopwatch.StartNew();
        Thread[] threads = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(() =>
        {
            var (sign, close) = signer();
            for (; clock.Elapsed < length; Interlocked.Increment(ref done))
                sign();
            close();
        }))];
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        return done / clock.Elapsed.TotalSeconds;
    }

    private static byte[] Pooled(Pkcs11Token pool) => pool.Use((session, sessions) => Pkcs11Objects.Sign(
        session, sessions.Keys.GetOrAdd(Label, _ => Pkcs11Objects.Only(session, Label, Label, CKO.CKO_PRIVATE_KEY)!),
        Hash, Algorithm));

    /// <summary>The module itself: C_SignInit and C_Sign on a session and a handle that are there already.</summary>
    private static (Action Sign, Action Close) RawSigner()
    {
        var (slot, _) = Pkcs11Slots.Only(Module, Label);
        var session = slot.OpenSession(SessionType.ReadOnly);
        var key = Pkcs11Objects.Only(session, Label, Label, CKO.CKO_PRIVATE_KEY)!;
        var mechanism = session.Factories.MechanismFactory.Create(CKM.CKM_RSA_PKCS);
        var info = Pkcs11Keys.DigestInfo(Hash, Algorithm);
        return (() => session.Sign(mechanism, key, info), session.Dispose);
    }

    private static void Nothing()
    {
    }

    [DllImport("libc", EntryPoint = "setenv")]
    private static extern int SetEnv(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value,
        int overwrite);
}

/// <summary>Signatures a second.</summary>
internal sealed record HsmFigures(double ThroughThePool, double Served, double Module, int Threads)
{
    public double Ratio => ThroughThePool / Module;

    public override string ToString() =>
        $"""
        RSA-2048 through the pool     {ThroughThePool:n0} /s, {Ratio:n3} of the module  (goal 0.95)
        each checked before it leaves {Served:n0} /s, {Served / Module:n3} of the module
        the module itself             {Module:n0} /s  (SoftHSM, {Threads} threads, a session each)
        """;
}
