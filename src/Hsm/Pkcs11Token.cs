using System.Text;
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
    private readonly Func<string> pin;
    private readonly string? activation;
    private volatile Pkcs11Sessions? open;
    private HsmException? turnedAway;
    private string? serial;

    public Pkcs11Token(string module, string label, string pin) =>
        (this.module, this.label, this.pin) = (module, label, () => pin);

    public Pkcs11Token(string module, string label, FileInfo activation) =>
        (this.module, this.label, this.activation, pin) =
            (module, label, activation.FullName, () => Encoding.UTF8.GetString(SecretFile.Read(activation.FullName)));

    public string Name => $"token \"{label}\" of {module}";

    /// <summary>Does the work with a session nobody else has; when the token was lost, again after a pause.</summary>
    public T Use<T>(Func<ISession, Pkcs11Sessions, T> work)
    {
        StopIfDeactivated();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return Once(work);
            }
            catch (Pkcs11Exception e) when (IsLost(e.RV) && attempt < Pauses.Length)
            {
                Thread.Sleep(Pauses[attempt]);
            }
            catch (Pkcs11Exception e)
            {
                throw new HsmException($"{Name} answered {e.RV} to {e.Method}", e);
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            open?.Dispose();
            open = null;
        }
    }

    /// <summary>CPS 6-2-1-8: asked before each use, which costs a signature a thousandth of its time.</summary>
    private void StopIfDeactivated()
    {
        if (activation is null || File.Exists(activation))
            return;
        lock (gate)
        {
            open?.Dispose();
            (open, turnedAway) = (null, null);
        }
        throw new HsmException($"{Name} is not activated: there is no {activation}. "
            + "Several key custodians activate it in a ceremony (CPS 6-2-1-7)");
    }

    private T Once<T>(Func<ISession, Pkcs11Sessions, T> work)
    {
        var sessions = Sessions();
        try
        {
            return sessions.Use(session => work(session, sessions));
        }
        catch (Pkcs11Exception e) when (IsLost(e.RV))
        {
            Forget(sessions);
            throw;
        }
    }

    private Pkcs11Sessions Sessions()
    {
        lock (gate)
        {
            // A wrong PIN is tried once only: a token counts the tries, and locks.
            if (turnedAway is not null)
                throw new HsmException(turnedAway.Message, turnedAway);
            return open ??= Open();
        }
    }

    private Pkcs11Sessions Open()
    {
        var slot = Slot();
        var first = slot.OpenSession(SessionType.ReadOnly);
        try
        {
            first.Login(CKU.CKU_USER, Encoding.UTF8.GetBytes(pin()));
        }
        catch (Pkcs11Exception e) when (e.RV == CKR.CKR_USER_ALREADY_LOGGED_IN)
        {
            // The log-in belongs to the process; somebody else here has made it.
        }
        catch (Pkcs11Exception e) when (IsTurnedAway(e.RV))
        {
            turnedAway = new HsmException($"{Name} refuses the PIN ({e.RV}); correct the PIN file or "
                + $"{HsmLocation.PinVariable} and start again. It was tried once and will not be tried again", e);
            throw turnedAway;
        }
        return new(slot, first);
    }

    private ISlot Slot()
    {
        // It was there before, and may be on its way back.
        if (serial is not null && Pkcs11Slots.With(module, label).Count == 0)
            throw new Pkcs11Exception("C_GetSlotList", CKR.CKR_TOKEN_NOT_PRESENT);
        var (slot, info) = Pkcs11Slots.Only(module, label);
        serial ??= Pkcs11Slots.SerialOf(info);
        return Pkcs11Slots.SerialOf(info) == serial
            ? slot
            : throw new HsmException($"{Name} was number {serial} and is now number {Pkcs11Slots.SerialOf(info)}: "
                + "another token under the same label. Put the right one back, or start again with this one");
    }

    private void Forget(Pkcs11Sessions lost)
    {
        lock (gate)
        {
            if (open == lost)
                open = null;
        }
        lost.Dispose();
    }

    private static bool IsLost(CKR rv) => rv is CKR.CKR_SESSION_HANDLE_INVALID or CKR.CKR_SESSION_CLOSED
        or CKR.CKR_DEVICE_REMOVED or CKR.CKR_DEVICE_ERROR or CKR.CKR_TOKEN_NOT_PRESENT or CKR.CKR_USER_NOT_LOGGED_IN
        or CKR.CKR_OBJECT_HANDLE_INVALID or CKR.CKR_KEY_HANDLE_INVALID or CKR.CKR_SLOT_ID_INVALID;

    private static bool IsTurnedAway(CKR rv) => rv is CKR.CKR_PIN_INCORRECT or CKR.CKR_PIN_LOCKED or CKR.CKR_PIN_EXPIRED
        or CKR.CKR_PIN_INVALID or CKR.CKR_PIN_LEN_RANGE or CKR.CKR_USER_PIN_NOT_INITIALIZED;
}
