using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Jpki.Hsm;

/// <summary>
/// The PKCS#11 libraries this process has loaded. A library has one state per process (C_Initialize), so each is loaded
/// once and stays: finalizing it for one user would take the sessions of all others.
/// </summary>
internal static class Pkcs11Modules
{
    private static readonly ConcurrentDictionary<string, Lazy<IPkcs11Library>> Loaded = [];

    static Pkcs11Modules() =>
        // Pkcs11Interop asks for "libdl", which Debian has only under its versioned name.
        NativeLibrary.SetDllImportResolver(typeof(Pkcs11InteropFactories).Assembly,
            (name, _, _) => name == "libdl" && OperatingSystem.IsLinux() ? NativeLibrary.Load("libdl.so.2") : 0);

    public static Pkcs11InteropFactories Factories { get; } = new();

    public static IPkcs11Library Load(string path)
    {
        try
        {
            return Loaded.GetOrAdd(path, p => new(() =>
                Factories.Pkcs11LibraryFactory.LoadPkcs11Library(Factories, p, AppType.MultiThreaded))).Value;
        }
        catch (Exception e) when (e is UnmanagedException or Pkcs11Exception or DllNotFoundException)
        {
            Loaded.TryRemove(path, out _);
            throw new HsmException(
                $"cannot load PKCS#11 module {path}: {e.Message}. Is the path right and its package installed?", e);
        }
    }
}
