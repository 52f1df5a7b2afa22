using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.Hsm.Quorum;

/// <summary>A key custodian: 秘密鍵管理者</summary>
/// <param name="Id">His id.</param>
/// <param name="Folder">A folder of his own that his share lies in: a stick, a locker.</param>
/// <param name="Card">The card that opens it; null when a passphrase does.</param>
public sealed record Custodian(string Id, string Folder, PersonalCard? Card = null);

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
    /// Makes a management key and gives each custodian a share of it under his passphrase or card. Until the record is
    /// written nothing was established: shares left by a crash open nothing.
    /// </summary>
    public static Outcome<Custody> Establish(
        string folder, ImmutableArray<Custodian> custodians, int threshold, Func<string, string> secretOf,
        RandomNumberGenerator random)
    {
        if (Open(folder) is not null)
            return new Refusal("6-4-1-1", $"{folder} has a management key already");
        SecretFile.CreateFolder(folder);
        using var key = ManagementKey.Create(random);
        if (HandOut(key, custodians, threshold, secretOf, random).IsRefused(out var no, out var set))
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
        ManagementKey key, ImmutableArray<Custodian> custodians, int threshold, Func<string, string> secretOf,
        RandomNumberGenerator random)
    {
        if (key.Split([.. custodians.Select(c => c.Id)], threshold, random).IsRefused(out var no, out var shares))
            return no;
        List<ShareKey> keys = [];
        foreach (var custodian in custodians)
        {
            if (ShareFile.KeyFor(custodian.Card, secretOf(custodian.Id), random).IsRefused(out var unfit, out var made))
                return unfit;
            if (made.Card is { } card && keys.FindIndex(k => k.Card?.PublicKey == card.PublicKey) is >= 0 and var at)
                return new Refusal("5-2-2①", $"{custodians[at].Id} and {custodian.Id} have one card between them");
            keys.Add(made);
        }
        foreach (var ((custodian, share), under) in custodians.Zip(shares).Zip(keys))
            ShareFile.Write(ShareFile.PathOf(custodian.Folder, custodian.Id, share.Set.Id), share, under, random);
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
