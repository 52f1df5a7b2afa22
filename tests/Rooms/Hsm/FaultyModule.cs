using System.Globalization;
using Jpki.Hsm;
using Jpki.Tests.House;
using Net.Pkcs11Interop.Common;

namespace Jpki.Tests.Rooms.Hsm;

/// <summary>SoftHSM behind a module that spoils what its plan says: <c>Shim/shim.c</c>, compiled here.</summary>
public sealed class FaultyModule : IDisposable
{
    /// <summary>The functions' places in CK_FUNCTION_LIST. (PKCS#11 2.40, 3.6)</summary>
    public const int Finalize = 1, GetSlotList = 4, GetTokenInfo = 6, OpenSession = 12, Login = 18, SignInit = 42,
        Sign = 43;

    /// <summary>The token's label, and that of another which the shim can show under it.</summary>
    public const string Token = "Shimmed", Impostor = "Impostor";

    public const int Always = -1;

    private readonly ScratchFolder folder = new();

    public FaultyModule() => Tool.Run("cc", "-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror",
        $"-DSHIM_MODULE=\"{SoftHsm.Module}\"", "-o", Path,
        System.IO.Path.Combine(Repo.Root, "tests/Rooms/Hsm/Shim/shim.c"), "-ldl", "-lpthread").Succeeded();

    public string Path => folder["shim.so"];

    /// <summary>What it spoils from now on.</summary>
    public void Plan(params (int Function, string What, long Value, int Times)[] lines)
    {
        // A line that no function has makes two equal plans differ, so that the counts begin again.
        var text = string.Create(CultureInfo.InvariantCulture, $"-1 plan {Environment.TickCount64} 0\n");
        text += string.Concat(lines.Select(l => string.Create(
            CultureInfo.InvariantCulture, $"{l.Function} {l.What} {l.Value} {l.Times}\n")));
        File.WriteAllText(folder["draft"], text);
        File.Move(folder["draft"], Path + ".plan", overwrite: true);
        File.Delete(Path + ".calls");
    }

    public void Answer(int function, CKR with, int times) => Plan((function, "answer", (long)with, times));

    /// <summary>How often a function was called since the plan was made.</summary>
    public int Calls(int function) => File.Exists(Path + ".calls")
        ? File.ReadLines(Path + ".calls").Count(line => line == $"{function}") : 0;

    internal Pkcs11Hsm Open(TimeSpan? patience = null) =>
        new(Path, Token, new Pkcs11Pin(SoftHsm.Pin), patience ?? TimeSpan.FromSeconds(10));

    public void Dispose() => folder.Dispose();
}
