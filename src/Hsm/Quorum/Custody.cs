using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.Hsm.Quorum;

/// <summary>A key custodian and the folder of his own that his share lies in: a stick, a locker. 秘密鍵管理者</summary>
public sealed record Custodian(string Id, string Folder);

/// <summary>
/// The governor's keys in the hands of several custodians: its acts take an <see cref="Activation"/>, which only a
/// quorum makes. 複数人制御 (CPS 6-2-1-2)
/// </summary>
public sealed class Custody
{
    private const int LargestFile = 1024 * 1024;

    private readonly string path;

    private Custody(string path, CustodyRecord record) => (this.path, Record) = (path, record);

    public CustodyRecord Record { get; private set; }

    /// <summary>Null when there is none in this folder yet.</summary>
    public static Custody? Open(string folder)
    {
        var path = PathOf(folder);
        if (!File.Exists(path))
            return null;
        var octets = SecretFile.Read(path);
        try
        {
            return octets.Length <= LargestFile
                && JsonSerializer.Deserialize<CustodyRecord>(octets, FormJson.Options) is { } record
                ? new(path, record)
                : throw new JsonException("too large, or empty");
        }
        catch (JsonException e)
        {
            throw new HsmException($"{path} is not a custody's record; restore it from a copy ({e.Message})", e);
        }
    }

    /// <summary>
    /// Makes a management key and gives each custodian a share of it under his passphrase. Until the record is written
    /// nothing was established: shares left by a crash open nothing.
    /// </summary>
    public static Outcome<Custody> Establish(
        string folder, ImmutableArray<Custodian> custodians, int threshold, Func<string, string> passphraseOf,
        RandomNumberGenerator random)
    {
        if (Open(folder) is not null)
            return new Refusal("6-4-1-1", $"{folder} has a management key already");
        SecretFile.CreateFolder(folder);
        using var key = ManagementKey.Create(random);
        if (HandOut(key, custodians, threshold, passphraseOf, random).IsRefused(out var no, out var set))
            return no;
        Custody custody = new(PathOf(folder), new() { Set = set, Custodians = [.. custodians.Select(c => c.Id)] });
        custody.Save(custody.Record);
        return custody;
    }

    /// <summary>The proof that enough custodians are here, from shares that they have opened. (CPS 6-2-1-7)</summary>
    public Outcome<Activation> Activate(IReadOnlyList<Share> shares) =>
        ManagementKey.Join(shares, Record.Set).IsRefused(out var no, out var key)
            ? no
            : new Activation(this, key, [.. shares.Select(s => s.Custodian)]);

    /// <summary>Splits the key and writes each custodian's share; gives what the shares have in common.</summary>
    internal static Outcome<ShareSet> HandOut(
        ManagementKey key, ImmutableArray<Custodian> custodians, int threshold, Func<string, string> passphraseOf,
        RandomNumberGenerator random)
    {
        if (key.Split([.. custodians.Select(c => c.Id)], threshold, random).IsRefused(out var no, out var shares))
            return no;
        string[] passphrases = [.. custodians.Select(c => passphraseOf(c.Id))];
        if (passphrases.Select(ShareFile.ObjectionTo).FirstOrDefault(o => o is not null) is { } objection)
            return objection;
        foreach (var ((custodian, share), passphrase) in custodians.Zip(shares).Zip(passphrases))
        {
            ShareFile.Write(
                ShareFile.PathOf(custodian.Folder, custodian.Id, share.Set.Id), share, passphrase, random);
        }
        return shares[0].Set;
    }

    /// <summary>Durable when it returns; after a crash there is the old record or the new.</summary>
    internal void Save(CustodyRecord record)
    {
        SecretFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(record, FormJson.Indented));
        Record = record;
    }

    private static string PathOf(string folder) => Path.Combine(folder, "custody.json");
}
