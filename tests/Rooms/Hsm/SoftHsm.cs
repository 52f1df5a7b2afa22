using System.Runtime.InteropServices;
using Jpki.Hsm;
using Jpki.Tests.Rooms.Hsm;
using Xunit;

[assembly: AssemblyFixture(typeof(SoftHsm))]

namespace Jpki.Tests.Rooms.Hsm;

/// <summary>Tokens of Debian's softhsm2, in a folder of this run, all made before the module is first loaded.</summary>
public sealed class SoftHsm : IDisposable
{
    public const string Module = "/usr/lib/softhsm/libsofthsm2.so";
    public const string Pin = "2468013579";

    /// <summary>For a whole prefecture, which runs in a process of its own.</summary>
    public const string Prefecture = "Prefecture";

    /// <summary>For another whole prefecture at the same time.</summary>
    public const string Predecessor = "Predecessor";

    /// <summary>For the Authority alone.</summary>
    public const string Authority = "Authority";

    /// <summary>Names the softhsm2.conf of a test's own, for a child that is killed and started again.</summary>
    public const string Conf = "JPKI_TEST_SOFTHSM";

    private static readonly string[] Labels =
    [
        "CA", "Locked", "Twin", "Twin", Prefecture, Predecessor, Authority, FaultyModule.Token, FaultyModule.Impostor,
        .. Cards.Labels,
    ];

    private readonly ScratchFolder folder = new();

    public SoftHsm()
    {
        if (Environment.GetEnvironmentVariable(Conf) is { } given)
        {
            Use(given);
            return;
        }
        Directory.CreateDirectory(folder["tokens"]);
        File.WriteAllText(folder["softhsm2.conf"],
            $"directories.tokendir = {folder["tokens"]}\nobjectstore.backend = file\nlog.level = ERROR\n");
        Use(folder["softhsm2.conf"]);
        foreach (var label in Labels)
        {
            Tool.Run("softhsm2-util", "--init-token", "--free", "--label", label,
                "--so-pin", "87654321", "--pin", Pin).Succeeded();
        }
    }

    public Pkcs11Hsm Open(string token = "CA", string pin = Pin) => new(Module, token, pin);

    public void Dispose() => folder.Dispose();

    private static void Use(string conf)
    {
        // Children get .NET's copy of the environment; the module here asks getenv, which .NET's own does not reach.
        Environment.SetEnvironmentVariable("SOFTHSM2_CONF", conf);
        Assert.Equal(0, SetEnv("SOFTHSM2_CONF", conf, 1));
    }

    [DllImport("libc", EntryPoint = "setenv")]
    private static extern int SetEnv(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string value,
        int overwrite);
}
