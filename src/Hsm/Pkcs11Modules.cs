using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Net.Pkcs11Interop.LowLevelAPI80;

namespace Jpki.Hsm;

/// <summary>
/// The PKCS#11 libraries this process has loaded. A library has one state per process (C_Initialize), so each is loaded
/// once and stays; finalizing it takes the sessions of all its users.
/// </summary>
internal static class Pkcs11Modules
{
    private static readonly ConcurrentDictionary<string, Lazy<Loaded>> All = [];

    static Pkcs11Modules() =>
        // Pkcs11Interop asks for "libdl", which Debian has only under its versioned name.
        NativeLibrary.SetDllImportResolver(typeof(Pkcs11InteropFactories).Assembly,
            (name, _, _) => name == "libdl" && OperatingSystem.IsLinux() ? NativeLibrary.Load("libdl.so.2") : 0);

    public static Pkcs11InteropFactories Factories { get; } = new();

    public static IPkcs11Library Load(string path) => Module(path).Library;

    /// <summary>How often it was initialised: handles of an earlier time are another's now, or nobody's.</summary>
    public static int Starts(string path) => Module(path).Starts;

    /// <summary>Does the work while nobody starts the module anew.</summary>
    public static T Use<T>(string path, Func<T> work)
    {
        var gate = Module(path).Gate;
        gate.EnterReadLock();
        try
        {
            return work();
        }
        finally
        {
            gate.ExitReadLock();
        }
    }

    /// <summary>
    /// Finalizes and initialises a module when none of its calls is under way. SoftHSM for one reads a token's PINs
    /// only then, and takes no PIN that another process has set since.
    /// </summary>
    public static void StartAnew(string path, TimeSpan patience)
    {
        var module = Module(path);
        if (!module.Gate.TryEnterWriteLock(patience))
            throw new HsmException($"module {path} cannot be started anew: a call has not come back");
        try
        {
            using Pkcs11Library library = new(path);
            module.Starts++;
            // An earlier attempt may have come only so far.
            var ended = library.C_Finalize(IntPtr.Zero);
            if (ended is not (CKR.CKR_OK or CKR.CKR_CRYPTOKI_NOT_INITIALIZED))
                throw new Pkcs11Exception("C_Finalize", ended);
            var began = library.C_Initialize(new() { Flags = CKF.CKF_OS_LOCKING_OK });
            if (began != CKR.CKR_OK)
                throw new Pkcs11Exception("C_Initialize", began);
        }
        finally
        {
            module.Gate.ExitWriteLock();
        }
    }

    private static Loaded Module(string path)
    {
        try
        {
            return All.GetOrAdd(path, p => new(() => new(
                Factories.Pkcs11LibraryFactory.LoadPkcs11Library(Factories, p, AppType.MultiThreaded)))).Value;
        }
        catch (Exception e) when (e is UnmanagedException or Pkcs11Exception or DllNotFoundException)
        {
            All.TryRemove(path, out _);
            throw new HsmException(
                $"cannot load PKCS#11 module {path}: {e.Message}. Is the path right and its package installed?", e);
        }
    }

    private sealed class Loaded(IPkcs11Library library)
    {
        public IPkcs11Library Library => library;

        public ReaderWriterLockSlim Gate { get; } = new();

        public volatile int Starts;
    }
}
