using System.Text;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Jpki.Hsm;

/// <summary>A token we are logged in to. Work gets its own session; a lost token is found and opened again.</summary>
internal sealed class Pkcs11Token(string module, string label, string pin) : IDisposable
{
    private static readonly TimeSpan[] Pauses =
        [.. new[] { 50, 100, 200, 400, 800, 1600 }.Select(ms => TimeSpan.FromMilliseconds(ms))];

    private readonly Lock gate = new();
    private readonly byte[] pin = Encoding.UTF8.GetBytes(pin);
    private Pkcs11Sessions? open;
    private HsmException? turnedAway;
    private bool seen;

    public string Name => $"token \"{label}\" of {module}";

    /// <summary>Does the work with a session nobody else has; when the token was lost, again after a pause.</summary>
    public T Use<T>(Func<ISession, Pkcs11Sessions, T> work)
    {
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
            first.Login(CKU.CKU_USER, pin);
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
        seen = true;
        return new(slot, first);
    }

    private ISlot Slot()
    {
        var slots = Pkcs11Modules.Load(module).GetSlotList(SlotsType.WithTokenPresent)
            .Select(slot => (Slot: slot, Info: slot.GetTokenInfo()))
            .Where(s => s.Info.TokenFlags.TokenInitialized)
            .Select(s => (s.Slot, Label: s.Info.Label.TrimEnd(' ', '\0')))
            .ToList();
        return slots.Where(s => s.Label == label).ToList() switch
        {
            [var only] => only.Slot,
            // It was there before, and may be on its way back.
            [] when seen => throw new Pkcs11Exception("C_GetSlotList", CKR.CKR_TOKEN_NOT_PRESENT),
            [] => throw new HsmException($"{module} has no token \"{label}\" (tokens there: "
                + string.Join(", ", slots.Select(s => $"\"{s.Label}\"").DefaultIfEmpty("none"))
                + "). Insert or initialise it, or correct token=LABEL"),
            _ => throw new HsmException($"{module} has more than one token \"{label}\"; give each its own label"),
        };
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
