using System.Security.Cryptography;
using Jpki.Cps;
using Jpki.X509;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Jpki.Hsm.Quorum;

/// <summary>What a quorum does with the governor's keys. 秘密鍵の生成、リストア、破棄 (CPS 6-1-1-1, 6-2-1)</summary>
public static class KeyActs
{
    /// <summary>
    /// Makes a key pair inside the token. With a backup it is wrapped out once, encrypted, and then locked in for good;
    /// without, it can never leave. (CPS 6-1-1-1, 6-2-1-4, 6-2-1-6)
    /// </summary>
    public static Outcome<KeyRecord> Generate(
        Activation quorum, string token, string key, KeySpec spec, string? backup, RandomNumberGenerator random,
        Action<string> reached)
    {
        KeyLabel.Check(key);
        var record = quorum.TokenOf(token);
        var begun = Act.Begin(quorum, new("generate", token, key, backup),
            () => Free(quorum, record, key) ?? FreeBackup(backup), reached);
        if (begun.IsRefused(out var no, out var act))
            return no;
        if (act.Resumed)
        {
            Act.DestroyObjects(quorum, record, key);
            if (backup is not null)
                File.Delete(backup);
        }
        return TokenSessions.AsUser(record, quorum.UserPin(record), session =>
        {
            var publicKey = Make(session, key, spec, extractable: backup is not null);
            act.Reached("key pair made");
            KeyRecord made = new(key, publicKey.Der.ToArray(), [token], backup is null ? [] : [backup]);
            if (backup is not null)
                BackUp(act, session, record, made, backup, random);
            _ = Pkcs11Objects.Proven(session, record.Label, key, publicKey);
            act.Save("key registered", act.Record.With(made));
            return made;
        });
    }

    /// <summary>
    /// Puts a key from its backup into another token of the custody, where it stays as locked in as the first.
    /// (CPS 6-2-1-4)
    /// </summary>
    public static Outcome<KeyRecord> Restore(
        Activation quorum, string token, string key, string backup, Action<string> reached)
    {
        var record = quorum.TokenOf(token);
        if (quorum.Custody.Record.Key(key) is not { } known)
            return new Refusal("6-2-1-4", $"key {key} is not of this custody");
        if (KeyBackup.Open(backup, key, quorum).IsRefused(out var unfit, out var opened))
            return unfit;
        if (!opened.PublicKey.AsSpan().SequenceEqual(known.PublicKey))
            return new Refusal("6-2-1-4", $"{backup} is a backup of another key {key}");
        var begun = Act.Begin(quorum, new("restore", token, key, backup),
            () => Free(quorum, record, key, among: [.. known.Tokens]), reached);
        if (begun.IsRefused(out var no, out var act))
            return no;
        if (act.Resumed)
            Act.DestroyObjects(quorum, record, key);
        return TokenSessions.AsUser(record, quorum.UserPin(record), session =>
        {
            var publicKey = PublicKey.Read(known.PublicKey);
            _ = opened.Unwrap(session, quorum, Pkcs11Keys.RestoredTemplate(key, publicKey));
            act.Reached("private key restored");
            _ = session.CreateObject(Pkcs11Keys.PublicObject(key, publicKey));
            act.Reached("public key restored");
            _ = Pkcs11Objects.Proven(session, record.Label, key, publicKey);
            var restored = known with { Tokens = [.. known.Tokens, token] };
            act.Save("key registered", act.Record.With(restored));
            return restored;
        });
    }

    /// <summary>Destroys a key in every token and with every backup; all must be at hand. (CPS 6-2-1-9)</summary>
    public static Refusal? Destroy(Activation quorum, string key, Action<string> reached)
    {
        if (quorum.Custody.Record.Key(key) is not { } known)
            return new("6-2-1-9", $"key {key} is not of this custody");
        var begun = Act.Begin(quorum, new("destroy", Key: key), () => AllAtHand(quorum, known), reached);
        if (begun.IsRefused(out var no, out var act))
            return no;
        foreach (var token in known.Tokens)
        {
            Act.DestroyObjects(quorum, quorum.TokenOf(token), key);
            act.Reached($"destroyed in token {token}");
        }
        foreach (var backup in known.Backups)
        {
            KeyBackup.Destroy(backup);
            act.Reached($"backup {Path.GetFileName(backup)} destroyed");
        }
        act.Save("key struck off", act.Record with
        {
            Keys = [.. act.Record.Keys.Where(k => k.Label != key)],
            Pending = null,
        });
        return null;
    }

    private static Refusal? Free(Activation quorum, TokenRecord token, string key, params string[] among)
    {
        if (among.Contains(token.Label) || (among is [] && quorum.Custody.Record.Key(key) is not null))
            return new("6-2-1-6", $"key {key} is there already");
        var there = TokenSessions.AsUser(token, quorum.UserPin(token), session =>
            Pkcs11Objects.All(session, key, CKO.CKO_PRIVATE_KEY).Count
            + Pkcs11Objects.All(session, key, CKO.CKO_PUBLIC_KEY).Count);
        return there > 0
            ? new("6-2-1-6", $"token \"{token.Label}\" has a key {key} that the custody does not know")
            : null;
    }

    private static Refusal? FreeBackup(string? backup) => File.Exists(backup)
        ? new("6-2-1-4", $"{backup} is there already; a backup replaces nothing")
        : null;

    private static Refusal? AllAtHand(Activation quorum, KeyRecord key)
    {
        foreach (var token in key.Tokens)
            _ = TokenSessions.Slot(quorum.TokenOf(token));
        return key.Backups.FirstOrDefault(b => !File.Exists(b)) is { } missing
            ? new("6-2-1-9", $"backup {missing} is not here; a key is destroyed together with its backups")
            : null;
    }

    private static PublicKey Make(ISession session, string key, KeySpec spec, bool extractable)
    {
        using var mechanism = session.Factories.MechanismFactory.Create(
            spec.IsRsa() ? CKM.CKM_RSA_PKCS_KEY_PAIR_GEN : CKM.CKM_EC_KEY_PAIR_GEN);
        session.GenerateKeyPair(mechanism, Pkcs11Keys.PublicTemplate(key, spec),
            Pkcs11Keys.PrivateTemplate(key, extractable), out var publicKey, out _);
        return Pkcs11Keys.ReadPublicKey(session, publicKey);
    }

    private static void BackUp(
        Act act, ISession session, TokenRecord token, KeyRecord key, string backup, RandomNumberGenerator random)
    {
        var handle = Pkcs11Objects.Only(session, token.Label, key.Label, CKO.CKO_PRIVATE_KEY)
            ?? throw new HsmException($"token \"{token.Label}\" made key {key.Label} and cannot find it");
        KeyBackup.Write(backup, session, token, handle, key, (act.Record.Set.Id, act.Quorum.Key), random);
        act.Reached("backup written");
        session.SetAttributeValue(handle,
            [session.Factories.ObjectAttributeFactory.Create(CKA.CKA_EXTRACTABLE, false)]);
        act.Reached("key locked in");
    }
}
