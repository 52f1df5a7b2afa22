using Jpki.Cps;
using Net.Pkcs11Interop.Common;

namespace Jpki.Hsm.Quorum;

/// <summary>
/// One act of a quorum, step by step. Its intent is durable before its first step, so that after a crash the same act
/// starts where it is safe to, and another act first undoes what was half made.
/// </summary>
internal sealed class Act
{
    private readonly Action<string> reached;

    private Act(Activation quorum, bool resumed, Action<string> reached) =>
        (Quorum, Resumed, this.reached) = (quorum, resumed, reached);

    public Activation Quorum { get; }

    /// <summary>Whether it was begun before and broken off.</summary>
    public bool Resumed { get; }

    public CustodyRecord Record => Quorum.Custody.Record;

    /// <param name="quorum">The custodians' proof.</param>
    /// <param name="intent">What shall be done.</param>
    /// <param name="objection">What stands against it, asked when it is begun anew.</param>
    /// <param name="reached">Hears of each step when it is done and durable.</param>
    public static Outcome<Act> Begin(
        Activation quorum, PendingAct intent, Func<Refusal?> objection, Action<string> reached)
    {
        var pending = quorum.Custody.Record.Pending;
        if (pending is not null && pending with { Renewal = null } == intent)
            return new Act(quorum, resumed: true, reached);
        if (pending is { Act: "renew" or "destroy" })
            return new Refusal("4-14-1", $"\"{pending}\" was begun and broken off; finish it first");
        if (pending is not null)
            Undo(quorum, pending);
        if (objection() is { } no)
            return no;
        Act act = new(quorum, resumed: false, reached);
        // The shares of a renewal come first; it writes its intent itself.
        if (intent.Act != "renew")
            act.Save("intent written", quorum.Custody.Record with { Pending = intent });
        return act;
    }

    public void Reached(string step) => reached(step);

    public void Save(string step, CustodyRecord record)
    {
        Quorum.Custody.Save(record);
        reached(step);
    }

    /// <summary>Takes away what a generation or restoration left that no record knows of.</summary>
    public static void Undo(Activation quorum, PendingAct pending)
    {
        var record = quorum.Custody.Record;
        if (pending is { Act: "generate" or "restore", Token: { } token, Key: { } key })
        {
            if (record.Key(key)?.Tokens.Contains(token) is not true)
                DestroyObjects(quorum, quorum.TokenOf(token), key);
            if (pending is { Act: "generate", Backup: { } backup })
                File.Delete(backup);
        }
        quorum.Custody.Save(record with { Pending = null });
    }

    /// <summary>Both halves of the key, however many there are.</summary>
    public static void DestroyObjects(Activation quorum, TokenRecord token, string key) =>
        TokenSessions.AsUser(token, quorum.UserPin(token), session =>
        {
            Pkcs11Objects.All(session, key, CKO.CKO_PRIVATE_KEY).ForEach(session.DestroyObject);
            Pkcs11Objects.All(session, key, CKO.CKO_PUBLIC_KEY).ForEach(session.DestroyObject);
            return true;
        });
}
