using System.Text;
using Jpki.Cps;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Jpki.Hsm.Quorum;

/// <summary>A token that is about to come into the custody.</summary>
/// <param name="Label">The label it gets.</param>
/// <param name="Module">The PKCS#11 library's path.</param>
/// <param name="Serial">Which one, by its maker's number; null takes the first that is not initialised.</param>
/// <param name="FactorySoPin">The SO PIN its maker gave it; null when it has none.</param>
public sealed record NewToken(string Label, string Module, string? Serial = null, string? FactorySoPin = null);

/// <summary>What a quorum does with whole tokens. 活性化データの生成とインストール (CPS 6-4-1-1)</summary>
public static class TokenActs
{
    /// <summary>
    /// Takes a token into the custody: erases it and sets its user PIN and SO PIN from the management key. Nobody sees
    /// either; with the SO PIN alone somebody could set a new user PIN and use the keys.
    /// </summary>
    public static Refusal? Initialise(Activation quorum, NewToken token, Action<string> reached)
    {
        KeyLabel.Check(token.Label);
        var begun = Act.Begin(quorum, new("initialise", token.Label), () => Objection(quorum, token), reached);
        return begun.IsRefused(out var no, out var act)
            ? no
            : TokenSessions.Said(token.Label, () => Initialise(act, token));
    }

    /// <summary>
    /// Erases a token for good, so that nothing of it can be used. Its keys must have been destroyed. (CPS 6-2-1-9)
    /// </summary>
    public static Refusal? Retire(Activation quorum, string token, Action<string> reached)
    {
        var begun = Act.Begin(quorum, new("retire", token), () => quorum.Custody.Record.Keys
            .FirstOrDefault(k => k.Tokens.Contains(token)) is { } key
                ? new("6-2-1-9", $"token \"{token}\" holds key {key.Label}: destroy that first")
                : null, reached);
        if (begun.IsRefused(out var no, out var act))
            return no;
        var record = quorum.TokenOf(token);
        return TokenSessions.Said<Refusal?>(token, () =>
        {
            var (slot, _) = Pkcs11Slots.Only(record.Module, token);
            // Under its own label, so that it is found again after a crash.
            slot.InitToken(quorum.SoPin(record), token);
            act.Reached("token erased");
            act.Save("token struck off", act.Record with { Tokens = act.Record.Tokens.Remove(record), Pending = null });
            return null;
        });
    }

    private static Refusal? Objection(Activation quorum, NewToken token)
    {
        if (quorum.Custody.Record.Tokens.Any(t => t.Label == token.Label))
            return new("6-4-1-1", $"token \"{token.Label}\" is in the custody already");
        return Pkcs11Slots.With(token.Module, token.Label).Count > 0 && token.FactorySoPin is null
            ? new("6-4-1-1", $"there is a token \"{token.Label}\" that is not of this custody; erase or relabel it")
            : null;
    }

    private static Refusal? Initialise(Act act, NewToken token)
    {
        var (slot, info) = Find(token);
        TokenRecord record = new(token.Label, token.Module, "", (int)Math.Min(64, info.MaxPinLen));
        var so = act.Quorum.SoPin(record);
        var first = Erase(slot, record.Label, token.FactorySoPin ?? so, so);
        act.Reached("token erased");
        SetPins(act.Quorum, record, first);
        act.Reached("PINs set");
        var serial = Pkcs11Slots.SerialOf(Pkcs11Slots.Only(token.Module, token.Label).Info);
        act.Save("token registered", act.Record with
        {
            Tokens = [.. act.Record.Tokens, record with { Serial = serial }],
            Pending = null,
        });
        return null;
    }

    private static (ISlot Slot, ITokenInfo Info) Find(NewToken token)
    {
        var present = Pkcs11Slots.Present(token.Module);
        if (token.Serial is not null)
        {
            return present.Where(s => Pkcs11Slots.SerialOf(s.Info) == token.Serial).ToList() is [var only]
                ? only
                : throw new HsmException($"{token.Module} has no token number {token.Serial}: insert it");
        }
        foreach (var half in present.Where(s => s.Info.TokenFlags.TokenInitialized))
        {
            if (Pkcs11Slots.LabelOf(half.Info) == token.Label)
                return half;
        }
        return present.FirstOrDefault(s => !s.Info.TokenFlags.TokenInitialized) is { Slot: not null } fresh
            ? fresh
            : throw new HsmException(
                $"{token.Module} has no token that is not initialised; insert one, or give its serial");
    }

    /// <summary>Gives the SO PIN that the token has then: the maker's, or ours when we were here before.</summary>
    private static string Erase(ISlot slot, string label, string first, string second)
    {
        try
        {
            slot.InitToken(first, label);
            return first;
        }
        catch (Pkcs11Exception e) when (e.RV == CKR.CKR_PIN_INCORRECT && first != second)
        {
            slot.InitToken(second, label);
            return second;
        }
    }

    private static void SetPins(Activation quorum, TokenRecord token, string soPin)
    {
        var (so, user) = (quorum.SoPin(token), quorum.UserPin(token));
        // Some tokens want the user to change what the SO has set.
        var initial = quorum.Key.Pin("first", token.Label, token.PinLength);
        if (soPin != so)
        {
            TokenSessions.With(Slot(), CKU.CKU_SO, soPin, session =>
            {
                session.SetPin(Encoding.UTF8.GetBytes(soPin), Encoding.UTF8.GetBytes(so));
                return true;
            });
        }
        TokenSessions.With(Slot(), CKU.CKU_SO, so, session =>
        {
            session.InitPin(Encoding.UTF8.GetBytes(initial));
            return true;
        });
        TokenSessions.With(Slot(), CKU.CKU_USER, initial, session =>
        {
            session.SetPin(Encoding.UTF8.GetBytes(initial), Encoding.UTF8.GetBytes(user));
            return true;
        });

        ISlot Slot() => Pkcs11Slots.Only(token.Module, token.Label).Slot;
    }
}
