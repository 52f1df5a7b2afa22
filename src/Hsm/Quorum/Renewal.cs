using System.Collections.Immutable;
using System.Security.Cryptography;
using Jpki.Cps;
using Net.Pkcs11Interop.Common;

namespace Jpki.Hsm.Quorum;

/// <summary>
/// New shares of a new management key, for the same custodians or others. The tokens get new PINs and the backups a new
/// encryption, so that the old shares open nothing any more; the governor's keys stay as they are. (CPS 6-4-1)
/// </summary>
public static class Renewal
{
    private const string Purpose = "next management key";

    /// <summary>The activation ends with it: the new custodians make their own.</summary>
    public static Refusal? Renew(
        Activation quorum, ImmutableArray<Custodian> custodians, int threshold, Func<string, string> secretOf,
        RandomNumberGenerator random, Action<string> reached)
    {
        var begun = Act.Begin(quorum, new("renew"), () => AllAtHand(quorum), reached);
        if (begun.IsRefused(out var no, out var act))
            return no;
        if (!act.Resumed && HandOut(act, custodians, threshold, secretOf, random) is { } objection)
            return objection;
        var pending = act.Record.Pending!.Renewal!;
        if (!pending.Custodians.SequenceEqual(custodians.Select(c => c.Id)))
        {
            return new("4-14-1", "a renewal for " + string.Join(", ", pending.Custodians)
                + " was begun and broken off; finish it first");
        }
        using var next = ManagementKey.OpenUnder(quorum.Key, Purpose, pending.NextKey);
        foreach (var token in act.Record.Tokens)
            ChangePins(act, token, next);
        if (Rewrap(act, pending, next, random) is { } unfit)
            return unfit;
        act.Save("record replaced",
            act.Record with { Set = pending.Set, Custodians = pending.Custodians, Pending = null });
        quorum.Dispose();
        return null;
    }

    /// <summary>Deletes a former set's shares from the folders of those who are here with theirs.</summary>
    public static void Forget(IEnumerable<Custodian> former, string setId)
    {
        foreach (var custodian in former)
            File.Delete(ShareFile.PathOf(custodian.Folder, custodian.Id, setId));
    }

    private static Refusal? AllAtHand(Activation quorum)
    {
        var record = quorum.Custody.Record;
        foreach (var token in record.Tokens)
            _ = TokenSessions.Slot(token);
        return record.Keys.SelectMany(k => k.Backups).FirstOrDefault(b => !File.Exists(b)) is { } missing
            ? new("6-2-1-4", $"backup {missing} is not here; it would stay open to the old shares")
            : null;
    }

    private static Refusal? HandOut(
        Act act, ImmutableArray<Custodian> custodians, int threshold, Func<string, string> secretOf,
        RandomNumberGenerator random)
    {
        using var next = ManagementKey.Create(random);
        if (Custody.HandOut(next, custodians, threshold, secretOf, random).IsRefused(out var no, out var set))
            return no;
        act.Reached("new shares written");
        PendingRenewal renewal = new(
            set, [.. custodians.Select(c => c.Id)], next.SealUnder(act.Quorum.Key, Purpose, random));
        act.Save("intent written", act.Record with { Pending = new("renew", Renewal: renewal) });
        return null;
    }

    private static void ChangePins(Act act, TokenRecord token, ManagementKey next)
    {
        foreach (var (who, kind) in new[] { (CKU.CKU_USER, "user"), (CKU.CKU_SO, "SO") })
        {
            var old = act.Quorum.Key.Pin(kind, token.Label, token.PinLength);
            var fresh = next.Pin(kind, token.Label, token.PinLength);
            // After a crash the new one may be set; a token forgets one wrong try when the right one comes.
            var changed = act.Resumed
                ? TokenSessions.Fits(token, who, fresh) || TokenSessions.TryChangePin(token, who, old, fresh)
                : TokenSessions.TryChangePin(token, who, old, fresh);
            if (!changed)
                throw new HsmException($"token \"{token.Label}\" takes neither the old nor the new {kind} PIN");
            act.Reached($"{kind} PIN of token {token.Label} changed");
        }
    }

    private static Refusal? Rewrap(
        Act act, PendingRenewal pending, ManagementKey next, RandomNumberGenerator random)
    {
        foreach (var key in act.Record.Keys.Where(k => k.Backups.Length > 0))
        {
            var token = act.Quorum.TokenOf(key.Tokens[0]);
            var no = TokenSessions.AsUser(token, next.Pin("user", token.Label, token.PinLength), session =>
                key.Backups.Select(path => KeyBackup.Rewrap(path, session, token, key,
                        (act.Record.Set.Id, act.Quorum.Key), (pending.Set.Id, next), random))
                    .FirstOrDefault(o => o is not null));
            if (no is not null)
                return no;
            act.Reached($"backups of key {key.Label} encrypted anew");
        }
        return null;
    }
}
