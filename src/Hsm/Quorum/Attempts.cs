using System.Collections.Immutable;
using System.Text.Json;
using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.Hsm.Quorum;

/// <summary>
/// How many wrong passphrases, passwords and PINs each person gave one after another; PINs are counted apart, so that
/// who knows a password cannot try PINs for ever. A try is on disk before it is made, so that no kill and no restart
/// gives it back. 施錠 (CPS 5-2-3)
/// </summary>
public sealed class Attempts
{
    /// <summary>With this many, nothing of that person is looked at until the CA manager has him unlocked.</summary>
    public const int Most = 5;

    private readonly string path;

    private Attempts(string path) => this.path = path;

    /// <summary>The counts of a custody, in its folder.</summary>
    public static Attempts Of(string custody)
    {
        SecretFile.CreateFolder(custody);
        return new(Path.Combine(custody, "attempts.json"));
    }

    /// <summary>Null while this person may try.</summary>
    public Refusal? ObjectionTo(string person) =>
        Math.Max(Counts().GetValueOrDefault(person), Counts().GetValueOrDefault(PinOf(person))) >= Most
            ? new("5-2-3", $"{person} is locked after {Most} wrong tries; "
                + $"the CA manager has him unlocked in a ceremony (step \"unlock\", person \"{person}\")")
            : null;

    /// <summary>
    /// What a try comes to. A refusal by CPS 5-2-3 is a wrong secret and stays counted; whatever else stops it is given
    /// back; success begins anew.
    /// </summary>
    /// <param name="person">Whose secret it is.</param>
    /// <param name="isPin">Whether it is a card's PIN, not a passphrase or password.</param>
    /// <param name="compare">Makes the try.</param>
    public Outcome<T> Try<T>(string person, bool isPin, Func<Outcome<T>> compare) where T : class
    {
        using var alone = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        if (ObjectionTo(person) is { } locked)
            return locked;
        var counted = isPin ? PinOf(person) : person;
        var before = Counts().GetValueOrDefault(counted);
        Save(counted, before + 1);
        var after = before;
        try
        {
            var outcome = compare();
            after = outcome.Refusal is not { } no ? 0 : no.Clause == "5-2-3" ? before + 1 : before;
            return after > before
                ? new Refusal("5-2-3", $"{outcome.Refusal!.Reason}; wrong try {after} of {Most} by {person}")
                : outcome;
        }
        finally
        {
            Save(counted, after);
        }
    }

    /// <summary>Lets somebody try again; who may order that, the ceremony decides.</summary>
    public void Unlock(string person)
    {
        Save(person, 0);
        Save(PinOf(person), 0);
    }

    private static string PinOf(string person) => person + ".pin";

    private ImmutableSortedDictionary<string, int> Counts()
    {
        if (!File.Exists(path))
            return ImmutableSortedDictionary<string, int>.Empty;
        try
        {
            return JsonSerializer.Deserialize<ImmutableSortedDictionary<string, int>>(
                SecretFile.Read(path), FormJson.Options) ?? throw new JsonException("empty");
        }
        catch (JsonException e)
        {
            throw new HsmException($"{path} does not hold counts of tries; find out who changed it ({e.Message})", e);
        }
    }

    private void Save(string person, int count)
    {
        var counts = Counts();
        if (counts.GetValueOrDefault(person) != count)
        {
            SecretFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(
                count == 0 ? counts.Remove(person) : counts.SetItem(person, count), FormJson.Indented));
        }
    }
}
