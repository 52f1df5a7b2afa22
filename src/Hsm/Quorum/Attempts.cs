using System.Collections.Immutable;
using System.Text.Json;
using Jpki.Cps;
using Jpki.Forms;

namespace Jpki.Hsm.Quorum;

/// <summary>
/// How many wrong passphrases, passwords and PINs each person gave one after another. A try is on disk before it is
/// made, so that no kill and no restart gives it back. 施錠 (CPS 5-2-3)
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
    public Refusal? ObjectionTo(string person) => Counts().GetValueOrDefault(person) >= Most
        ? new("5-2-3", $"{person} is locked after {Most} wrong tries; "
            + $"the CA manager has him unlocked in a ceremony (step \"unlock\", person \"{person}\")")
        : null;

    /// <summary>
    /// What a try comes to. A refusal by CPS 5-2-3 is a wrong secret and stays counted; whatever else stops it is given
    /// back; success begins anew.
    /// </summary>
    public Outcome<T> Try<T>(string person, Func<Outcome<T>> compare) where T : class
    {
        using var alone = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        if (ObjectionTo(person) is { } locked)
            return locked;
        var before = Counts().GetValueOrDefault(person);
        Save(person, before + 1);
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
            Save(person, after);
        }
    }

    /// <summary>Lets somebody try again; who may order that, the ceremony decides.</summary>
    public void Unlock(string person) => Save(person, 0);

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
