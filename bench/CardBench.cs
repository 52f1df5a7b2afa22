using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Jpki.Card;
using Jpki.Card.Readers;

namespace Jpki.Bench;

/// <summary>
/// What a signature on the card costs beside the signature itself: in this process, and through Debian's pcscd and vpcd
/// as any client asks for it. RSA-2048, in turns in one run. Needs root, for a network of its own.
/// </summary>
internal static class CardBench
{
    private const string Password = "BENCH123";
    private const int Rounds = 4;

    private const string Script =
        """
        mkdir -p /run/pcscd
        mount --bind "$0" /run/pcscd
        ip link set lo up
        pcscd --foreground &
        while ! [ -S /run/pcscd/pcscd.comm ]; do sleep 0.1; done
        sleep 1
        dotnet "$1" card insert "$2" &
        cat
        kill $! %1
        wait
        """;

    private static readonly byte[] Hash = SHA256.HashData("a form"u8);
    private static readonly RandomNumberGenerator Random = RandomNumberGenerator.Create();

    public static CardFigures Measure(double seconds)
    {
        var folder = Directory.CreateTempSubdirectory("jpki-bench-").FullName;
        using var key = RSA.Create(2048);
        try
        {
            MakeCard(Path.Combine(folder, "here.card"), key);
            File.Copy(Path.Combine(folder, "here.card"), Path.Combine(folder, "there.card"));
            using var readers = Start(folder);
            using VirtualReader here = new(Path.Combine(folder, "here.card"), Random);
            using var there = Wait(() => PcscReader.Open("Virtual PCD 00 00"));
            var figures = Measure(key, Activated(here), Activated(there), TimeSpan.FromSeconds(seconds / Rounds / 4));
            readers.StandardInput.Close();
            readers.WaitForExit();
            return figures;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static CardFigures Measure(RSA key, CardSession here, CardSession there, TimeSpan round)
    {
        double raw = 0, inProcess = 0, throughPcsc = 0, twoCommands = 0;
        for (var i = 0; i < Rounds; i++)
        {
            raw += Milliseconds(round, () => key.SignHash(Hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
            inProcess += Milliseconds(round, () => here.Sign(KeyPurpose.Sign, Hash));
            throughPcsc += Milliseconds(round, () => there.Sign(KeyPurpose.Sign, Hash));
            twoCommands += Milliseconds(round, () => there.TriesLeft(KeyPurpose.Sign));
        }
        return new(raw / Rounds, inProcess / Rounds, throughPcsc / Rounds, twoCommands / Rounds);
    }

    private static void MakeCard(string file, RSA key)
    {
        var device = DeviceKey.Of(new byte[DeviceKey.Size], "bench");
        CardImage.Blank(CardImage.NewNumber(Random), device).Write(file);
        using VirtualReader reader = new(file, Random);
        using var writer = CardWriter.Open(reader, _ => device, Random);
        writer.ImportKey(KeyPurpose.Sign, key.ExportPkcs8PrivateKey());
        writer.SetPassword(KeyPurpose.Sign, Password);
    }

    private static CardSession Activated(ICardReader reader)
    {
        var session = CardSession.Open(reader);
        return session.Verify(KeyPurpose.Sign, Password) is { } refusal
            ? throw new InvalidOperationException(refusal.Reason)
            : session;
    }

    private static Process Start(string folder)
    {
        var socket = Directory.CreateDirectory(Path.Combine(folder, "pcscd")).FullName;
        ProcessStartInfo start = new("unshare",
            ["--mount", "--net", "--propagation", "private", "bash", "-ec", Script, socket,
                Path.Combine(AppContext.BaseDirectory, "jpki.dll"), Path.Combine(folder, "there.card")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var readers = Process.Start(start)!;
        _ = readers.StandardOutput.ReadLine() ?? throw new InvalidOperationException("no virtual reader");
        _ = SetEnv("PCSCLITE_CSOCK_NAME", Path.Combine(socket, "pcscd.comm"), 1);
        return readers;
    }

    /// <summary>The reader notices a new card within half a second.</summary>
    private static PcscReader Wait(Func<PcscReader> open)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return open();
            }
            catch (CardRemovedException) when (tries < 50)
            {
                Thread.Sleep(100);
            }
        }
    }

    private static double Milliseconds(TimeSpan length, Action act)
    {
        act();
        var done = 0;
        var clock = Stopwatch.StartNew();
        for (; clock.Elapsed < length; done++)
            act();
        return clock.Elapsed.TotalMilliseconds / done;
    }

    [DllImport("libc", EntryPoint = "setenv")]
    private static extern int SetEnv(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value,
        int overwrite);
}

/// <summary>Mean milliseconds. A signature on the card is two commands: SELECT, COMPUTE DIGITAL SIGNATURE.</summary>
internal sealed record CardFigures(double Raw, double InProcess, double ThroughPcsc, double TwoCommandsThroughPcsc)
{
    public override string ToString() =>
        $"""
        RSA-2048 signature alone            {Raw:n2} ms
        on a card in this process           {InProcess:n2} ms  ({InProcess / Raw:n2} x)
        on a card through pcscd and vpcd    {ThroughPcsc:n2} ms  ({ThroughPcsc / Raw:n2} x)
        two commands that sign nothing      {TwoCommandsThroughPcsc:n2} ms
        """;
}
