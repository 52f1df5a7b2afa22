using System.Collections.Immutable;
using Jpki.X509;
using Net.Pkcs11Interop.Common;

namespace Jpki.Hsm.Quorum;

/// <summary>One key in one token, and what is wrong with it; null when nothing is.</summary>
public sealed record SelfTestLine(string Key, string Token, string? Trouble);

/// <summary>What a quorum does after a crash: sweeps away what was half made, and lets every key show itself.</summary>
public static class SelfTest
{
    /// <summary>
    /// Undoes a broken-off generation or restoration, then lets each key of the custody sign in each of its tokens.
    /// What else was broken off is not undone: its own act finishes it.
    /// </summary>
    public static ImmutableArray<SelfTestLine> Run(Activation quorum)
    {
        if (quorum.Custody.Record.Pending is { Act: "generate" or "restore" } pending)
            Act.Undo(quorum, pending);
        return
        [
            .. from key in quorum.Custody.Record.Keys
               from token in key.Tokens
               select new SelfTestLine(key.Label, token, Trouble(quorum, quorum.TokenOf(token), key)),
        ];
    }

    private static string? Trouble(Activation quorum, TokenRecord token, KeyRecord key)
    {
        try
        {
            return TokenSessions.AsUser(token, quorum.UserPin(token), session =>
            {
                var handle = Pkcs11Objects.Proven(session, token.Label, key.Label, PublicKey.Read(key.PublicKey));
                var canLeave = session.GetAttributeValue(handle, [CKA.CKA_EXTRACTABLE])[0].GetValueAsBool();
                return canLeave ? "the private key can leave the token: destroy and restore it" : null;
            });
        }
        catch (HsmException e)
        {
            return e.Message;
        }
    }
}
