using System.Text;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Jpki.Hsm.Quorum;

/// <summary>Sessions for acts on a token: opened, logged in, used once, closed. What a token answers is said.</summary>
internal static class TokenSessions
{
    /// <summary>The token of the record, and no other under its label.</summary>
    public static ISlot Slot(TokenRecord token)
    {
        var (slot, info) = Pkcs11Slots.Only(token.Module, token.Label);
        return Pkcs11Slots.SerialOf(info) == token.Serial
            ? slot
            : throw new HsmException($"token \"{token.Label}\" is number {Pkcs11Slots.SerialOf(info)}, "
                + $"the custody's is number {token.Serial}: put the right one in");
    }

    public static T AsUser<T>(TokenRecord token, string pin, Func<ISession, T> work) =>
        Said(token.Label, () => With(Slot(token), CKU.CKU_USER, pin, work));

    /// <summary>False when the token does not take this PIN; that costs a try.</summary>
    public static bool Fits(TokenRecord token, CKU who, string pin) => Fits(token, who, pin, _ => { });

    /// <summary>Sets the next PIN, unless this one is not taken.</summary>
    public static bool TryChangePin(TokenRecord token, CKU who, string pin, string next) =>
        Fits(token, who, pin, session => session.SetPin(Encoding.UTF8.GetBytes(pin), Encoding.UTF8.GetBytes(next)));

    public static T With<T>(ISlot slot, CKU who, string pin, Func<ISession, T> work)
    {
        using var session = slot.OpenSession(SessionType.ReadWrite);
        var ours = LogIn(session, who, pin);
        try
        {
            return work(session);
        }
        finally
        {
            if (ours)
                session.Logout();
        }
    }

    public static T Said<T>(string token, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Pkcs11Exception e)
        {
            var advice = e.RV switch
            {
                CKR.CKR_PIN_INCORRECT or CKR.CKR_PIN_LEN_RANGE => "; its PINs are not this custody's",
                CKR.CKR_USER_ANOTHER_ALREADY_LOGGED_IN or CKR.CKR_SESSION_EXISTS or CKR.CKR_USER_ALREADY_LOGGED_IN =>
                    "; something in this process has it open",
                _ => "",
            };
            throw new HsmException($"token \"{token}\" answered {e.RV} to {e.Method}{advice}", e);
        }
    }

    private static bool Fits(TokenRecord token, CKU who, string pin, Action<ISession> then) => Said(token.Label, () =>
    {
        try
        {
            return With(Slot(token), who, pin, session =>
            {
                then(session);
                return true;
            });
        }
        catch (Pkcs11Exception e) when (e.RV == CKR.CKR_PIN_INCORRECT)
        {
            return false;
        }
    });

    /// <summary>False when somebody in this process was logged in before: then it is not ours to log out.</summary>
    private static bool LogIn(ISession session, CKU who, string pin)
    {
        try
        {
            session.Login(who, Encoding.UTF8.GetBytes(pin));
            return true;
        }
        catch (Pkcs11Exception e) when (e.RV == CKR.CKR_USER_ALREADY_LOGGED_IN)
        {
            return false;
        }
    }
}
