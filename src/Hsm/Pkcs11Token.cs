using System.Diagnostics;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Jpki.Hsm;

/// <summary>A token we are logged in to. Work gets its own session; a lost token is found and opened again.</summary>
internal sealed class Pkcs11Token : IDisposable
{
    private static readonly TimeSpan[] Pauses =
        [.. new[] { 50, 100, 200, 400, 800, 1600 }.Select(ms => TimeSpan.FromMilliseconds(ms))];

    private readonly Lock gate = new();
    private readonly string module, label;
    private readonly Pkcs11Pin pin;
    private readonly TimeSpan patience;
    private readonly BoundedCalls calls;
    private Pkcs11Sessions? open;
    private volatile string? failure;
    private string? serial;

    /// <param name="module">The PKCS#11 library's path.</param>
    /// <param name="label">The token's label.</param>
    /// <param name="pin">Where its PIN comes from.</param>
    /// <param name="patience">How long a caller waits for one answer, and how long lost ones are tried again.</param>
    public Pkcs11Token(string module, string label, Pkcs11Pin pin, TimeSpan patience)
    {
        (this.module, this.label, this.pin, this.patience) = (module, label, pin, patience);
        calls = new(Name, Pkcs11Sessions.Most);
    }

    public string Name => $"token \"{label}\" of {module}";

    public bool IsInCustody => pin.IsInCustody;

    /// <summary>Why nothing can be done with it now, as far as is known without asking it; null when it can.</summary>
    public string? Trouble => pin.Trouble is { } trouble ? $"{Name} {trouble}" : failure;

    /// <summary>Does the work with a session nobody else has; when the token was lost, again after a pause.</summary>
    /// <param name="work">What to do; it may be begun again.</param>
    /// <param name="longer">How long one answer may take, when that is more than the patience.</param>
    public T Use<T>(Func<ISession, Pkcs11Sessions, T> work, TimeSpan? longer = null)
    {
        StopIfThereIsNoPin();
        var clock = Stopwatch.StartNew();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var result = calls.Do(() => Once(work), longer ?? patience);
                failure = null;
                return result;
            }
            catch (Pkcs11Exception e) when (IsLost(e.RV) && attempt < Pauses.Length && clock.Elapsed < patience)
            {
                Thread.Sleep(Pauses[attempt]);
            }
            catch (Pkcs11Exception e)
            {
                failure = $"{Name} answered {e.RV} to {e.Method}";
                throw new HsmException(failure, e);
            }
            catch (HsmException e)
            {
                failure = pin.Trouble is null ? e.Message : null;
                throw;
            }
        }
    }

    public void Dispose()
    {
        Close();
        calls.Dispose();
    }

    /// <summary>CPS 6-2-1-8: asked before each use, which costs a signature a thousandth of its time.</summary>
    private void StopIfThereIsNoPin()
    {
        if (pin.Trouble is not { } trouble)
            return;
        if (Volatile.Read(ref open) is not null)
            calls.Do(Close, patience);
        throw new HsmException($"{Name} {trouble}");
    }

    private bool Close()
    {
        Forget(Volatile.Read(ref open));
        return true;
    }

    /// <summary>After anything unexpected nothing that was found in these sessions is believed any more.</summary>
    private T Once<T>(Func<ISession, Pkcs11Sessions, T> work)
    {
        var sessions = Sessions();
        try
        {
            return Pkcs11Modules.Use(module, () => sessions.Use(session => work(session, sessions)));
        }
        catch (Exception e) when (e is HsmException || (e is Pkcs11Exception answer && IsLost(answer.RV)))
        {
            Forget(sessions);
            throw;
        }
    }

    private Pkcs11Sessions Sessions()
    {
        if (Volatile.Read(ref open) is { } known)
            return known;
        lock (gate)
        {
            if (open is not null)
                return open;
            // Of those that waited for the gate, the first has tried it.
            if (pin.Trouble is { } trouble)
                throw new HsmException($"{Name} {trouble}");
            var octets = pin.Read();
            if (pin.IsAnother(octets))
                Pkcs11Modules.StartAnew(module, patience);
            return open = Pkcs11Modules.Use(module, () => Open(octets));
        }
    }

    private Pkcs11Sessions Open(byte[] octets)
    {
        var slot = Slot();
        var first = slot.OpenSession(SessionType.ReadOnly);
        try
        {
            pin.Tries(octets);
            first.Login(CKU.CKU_USER, octets);
        }
        catch (Pkcs11Exception e) when (e.RV == CKR.CKR_USER_ALREADY_LOGGED_IN)
        {
            // The log-in belongs to the process; somebody else here has made it.
        }
        catch (Pkcs11Exception e)
        {
            first.Dispose();
            if (!IsTurnedAway(e.RV))
                throw;
            pin.TurnAway(Advice(e.RV));
            throw new HsmException($"{Name} {Advice(e.RV)}", e);
        }
        return new(module, slot, first);
    }

    private string Advice(CKR rv) => $"refuses the PIN ({rv}); "
        + (pin.IsInCustody
            ? "deactivate and activate it again in a ceremony"
            : $"correct the PIN file or {HsmLocation.PinVariable} and start again")
        + ". It was tried once and will not be tried again";

    /// <summary>The token that it was before, wherever it is now; another one under its label is not it.</summary>
    private ISlot Slot()
    {
        var (slot, info) = serial is null ? Pkcs11Slots.Only(module, label) : Known();
        serial = Pkcs11Slots.SerialOf(info);
        // The last try is for people: a service that starts again and again would use it up.
        return info.TokenFlags.UserPinLocked || info.TokenFlags.UserPinFinalTry
            ? throw new HsmException($"the PIN of {Name} "
                + (info.TokenFlags.UserPinLocked ? "is locked" : "has one try left, which is not made here")
                + "; find out who tried, and have its custodians or its security officer set it anew")
            : slot;
    }

    private (ISlot Slot, ITokenInfo Info) Known()
    {
        var there = Pkcs11Slots.With(module, label);
        foreach (var it in there.Where(s => Pkcs11Slots.SerialOf(s.Info) == serial))
            return it;
        // It may be on its way back.
        throw there is [var (_, other), ..]
            ? new HsmException($"{Name} was number {serial} and is now number {Pkcs11Slots.SerialOf(other)}: "
                + "another token under the same label. Put the right one back, or start again with this one")
            : new Pkcs11Exception("C_GetSlotList", CKR.CKR_TOKEN_NOT_PRESENT);
    }

    private void Forget(Pkcs11Sessions? lost)
    {
        if (lost is null)
            return;
        Interlocked.CompareExchange(ref open, null, lost);
        lost.Dispose();
    }

    private static bool IsLost(CKR rv) => rv is CKR.CKR_SESSION_HANDLE_INVALID or CKR.CKR_SESSION_CLOSED
        or CKR.CKR_DEVICE_REMOVED or CKR.CKR_DEVICE_ERROR or CKR.CKR_TOKEN_NOT_PRESENT or CKR.CKR_USER_NOT_LOGGED_IN
        or CKR.CKR_OBJECT_HANDLE_INVALID or CKR.CKR_KEY_HANDLE_INVALID or CKR.CKR_SLOT_ID_INVALID
        or CKR.CKR_TOKEN_NOT_RECOGNIZED or CKR.CKR_FUNCTION_FAILED or CKR.CKR_GENERAL_ERROR;

    private static bool IsTurnedAway(CKR rv) => rv is CKR.CKR_PIN_INCORRECT or CKR.CKR_PIN_LOCKED or CKR.CKR_PIN_EXPIRED
        or CKR.CKR_PIN_INVALID or CKR.CKR_PIN_LEN_RANGE or CKR.CKR_USER_PIN_NOT_INITIALIZED;
}
