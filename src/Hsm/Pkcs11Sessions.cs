using System.Collections.Concurrent;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Jpki.Hsm;

/// <summary>
/// The sessions of one log-in, and the key handles found in it. A session is lent to one thread at a time: shared, it
/// would crash the process inside the library.
/// </summary>
internal sealed class Pkcs11Sessions(string module, ISlot slot, ISession first) : IDisposable
{
    /// <summary>As many threads use it at once; each has a session of its own.</summary>
    public const int Most = 32;

    private readonly ConcurrentBag<ISession> idle = [];
    private readonly int start = Pkcs11Modules.Starts(module);
    private volatile bool disposed;

    /// <summary>Private key handles by label.</summary>
    public ConcurrentDictionary<string, IObjectHandle> Keys { get; } = [];

    /// <summary>The module was started anew: these handles may be other sessions' now, and are not touched.</summary>
    private bool IsOver => Pkcs11Modules.Starts(module) != start;

    public T Use<T>(Func<ISession, T> work)
    {
        if (IsOver)
            throw new Pkcs11Exception("C_Initialize", CKR.CKR_SESSION_HANDLE_INVALID);
        var session = idle.TryTake(out var waiting) ? waiting : slot.OpenSession(SessionType.ReadOnly);
        var whole = false;
        try
        {
            var result = work(session);
            whole = true;
            return result;
        }
        finally
        {
            // After a failure nobody knows what the session is in the middle of.
            if (whole)
                idle.Add(session);
            else
                Close(session);
            if (disposed)
                CloseIdle();
        }
    }

    /// <summary>The same with a session that may write to the token.</summary>
    public T Write<T>(Func<ISession, T> work)
    {
        var session = slot.OpenSession(SessionType.ReadWrite);
        try
        {
            return work(session);
        }
        finally
        {
            Close(session);
        }
    }

    public void Dispose() => Pkcs11Modules.Use(module, CloseAll);

    private bool CloseAll()
    {
        disposed = true;
        CloseIdle();
        Close(first);
        return true;
    }

    private void CloseIdle()
    {
        while (idle.TryTake(out var session))
            Close(session);
    }

    private void Close(ISession session)
    {
        if (IsOver)
            return;
        try
        {
            session.Dispose();
        }
        catch (Pkcs11Exception)
        {
            // It was lost already; that is why it is being closed.
        }
    }
}
