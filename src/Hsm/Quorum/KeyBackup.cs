using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Jpki.Cps;
using Jpki.Forms;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Jpki.Hsm.Quorum;

/// <summary>
/// A private key outside its token: wrapped by the token under a key of the quorum's, and sealed once more with what it
/// is. Only a quorum opens it, and only into a token. バックアップ (CPS 6-2-1-3, 6-2-1-4)
/// </summary>
internal sealed class KeyBackup
{
    private const int LargestFile = 64 * 1024;

    /// <summary>In order of preference; tokens differ.</summary>
    private static readonly ImmutableArray<CKM> Mechanisms = [CKM.CKM_AES_KEY_WRAP_PAD, CKM.CKM_AES_CBC_PAD];

    private readonly Head head;
    private readonly byte[] wrapped;

    private KeyBackup(Head head, byte[] wrapped) => (this.head, this.wrapped) = (head, wrapped);

    public byte[] PublicKey => head.PublicKey;

    /// <summary>Wraps an extractable key out of the token that the session is with.</summary>
    public static void Write(
        string path, ISession session, TokenRecord token, IObjectHandle handle, KeyRecord key,
        (string Set, ManagementKey Key) by, RandomNumberGenerator random)
    {
        var mechanism = Choose(TokenSessions.Slot(token), token.Label);
        Head head = new(key.Label, key.PublicKey, by.Set, $"{mechanism}",
            by.Key.Derive($"backup IV of key {key.Label} in set {by.Set}", 16));
        var wrapping = WrappingKey(session, by.Key, key.Label);
        using var chosen = MechanismOf(session, head);
        var wrapped = session.WrapKey(chosen, wrapping, handle);
        session.DestroyObject(wrapping);
        Content content = new(head, Envelope.Seal(SealKey(by.Key, key.Label), wrapped, Context(head), random));
        SecretFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(content, FormJson.Indented));
    }

    public static Outcome<KeyBackup> Open(string path, string key, Activation quorum) =>
        Open(path, key, quorum.Custody.Record.Set.Id, quorum.Key);

    /// <summary>
    /// The same key under a new management key. It passes through the token as an object of the session: our memory
    /// never holds it. Does nothing when that was done before.
    /// </summary>
    public static Refusal? Rewrap(
        string path, ISession session, TokenRecord token, KeyRecord key, (string Set, ManagementKey Key) old,
        (string Set, ManagementKey Key) next, RandomNumberGenerator random)
    {
        if (!Open(path, key.Label, next.Set, next.Key).IsRefused(out _, out _))
            return null;
        if (Open(path, key.Label, old.Set, old.Key).IsRefused(out var no, out var backup))
            return no;
        var passing = backup.Unwrap(session, old.Key, (mechanism, wrapping) => Pkcs11Keys.UnwrapPassing(
            session, mechanism, wrapping, backup.wrapped, key.Label, X509.PublicKey.Read(key.PublicKey)));
        Write(path, session, token, passing, key, next, random);
        session.DestroyObject(passing);
        return null;
    }

    /// <summary>Overwritten and deleted; what an SSD keeps of it is encrypted, and only the quorum opens it.</summary>
    public static void Destroy(string path)
    {
        if (!File.Exists(path))
            return;
        using (var file = File.OpenWrite(path))
        {
            file.Write(new byte[file.Length]);
            file.Flush(flushToDisk: true);
        }
        File.Delete(path);
    }

    public IObjectHandle Unwrap(ISession session, Activation quorum, List<IObjectAttribute> template) =>
        Unwrap(session, quorum.Key,
            (mechanism, wrapping) => session.UnwrapKey(mechanism, wrapping, wrapped, template));

    private IObjectHandle Unwrap(
        ISession session, ManagementKey key, Func<IMechanism, IObjectHandle, IObjectHandle> unwrap)
    {
        var wrapping = WrappingKey(session, key, head.Key);
        using var mechanism = MechanismOf(session, head);
        var handle = unwrap(mechanism, wrapping);
        session.DestroyObject(wrapping);
        return handle;
    }

    private static Outcome<KeyBackup> Open(string path, string key, string set, ManagementKey management)
    {
        if (!File.Exists(path))
            return new Refusal("6-2-1-4", $"there is no backup at {path}");
        try
        {
            var octets = SecretFile.Read(path);
            var content = octets.Length > LargestFile
                ? throw new JsonException("too large")
                : JsonSerializer.Deserialize<Content>(octets, FormJson.Options)!;
            if (content.Head.Key != key || content.Head.Set != set)
            {
                return new Refusal("6-2-1-4",
                    $"{path} is a backup of another key or by other shares, not of key {key} by set {set[..8]}");
            }
            return new KeyBackup(content.Head,
                Envelope.Open(SealKey(management, key), content.Envelope, Context(content.Head)));
        }
        catch (Exception e) when (e is JsonException or CryptographicException)
        {
            return new Refusal("6-2-1-4", $"{path} is no backup of this custody, or is corrupted; use another copy");
        }
    }

    private static CKM Choose(ISlot slot, string token)
    {
        var known = slot.GetMechanismList();
        return Mechanisms.Where(m => known.Contains(m) && slot.GetMechanismInfo(m).MechanismFlags.Wrap)
            .Cast<CKM?>().FirstOrDefault()
            ?? throw new HsmException($"token \"{token}\" wraps keys with none of " + string.Join(", ", Mechanisms));
    }

    private static IMechanism MechanismOf(ISession session, Head head)
    {
        var mechanism = Mechanisms.Where(m => $"{m}" == head.Mechanism).Cast<CKM?>().FirstOrDefault()
            ?? throw new HsmException($"the backup is wrapped with {head.Mechanism}, which nothing here unwraps");
        return mechanism == CKM.CKM_AES_CBC_PAD
            ? session.Factories.MechanismFactory.Create(mechanism, head.Iv)
            : session.Factories.MechanismFactory.Create(mechanism);
    }

    /// <summary>An AES-256 key that lives as long as the session.</summary>
    private static IObjectHandle WrappingKey(ISession session, ManagementKey management, string key)
    {
        var value = management.Derive($"wrapping of key {key}", 32);
        var handle = session.CreateObject(Pkcs11Keys.WrappingTemplate(value));
        CryptographicOperations.ZeroMemory(value);
        return handle;
    }

    private static byte[] SealKey(ManagementKey management, string key) =>
        management.Derive($"sealing of key {key}", 32);

    private static byte[] Context(Head head) => JsonSerializer.SerializeToUtf8Bytes(head, FormJson.Options);

    private sealed record Head(string Key, byte[] PublicKey, string Set, string Mechanism, byte[] Iv);

    private sealed record Content(Head Head, byte[] Envelope);
}
