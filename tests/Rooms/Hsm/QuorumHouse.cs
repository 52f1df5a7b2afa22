using System.Collections.Immutable;
using System.Security.Cryptography;
using Jpki.Hsm.Quorum;
using Xunit;

namespace Jpki.Tests.Rooms.Hsm;

/// <summary>A custody of three custodians, two of whom open, in folders of a test's own.</summary>
internal sealed class QuorumHouse : IDisposable
{
    /// <summary>Tests that take the one free slot of SoftHSM do so in turns.</summary>
    public const string TakesTokens = "takes tokens";

    private readonly ScratchFolder folder = new();

    public QuorumHouse()
    {
        Custodians = [Person("sato"), Person("suzuki"), Person("tanaka")];
        Custody = Made(Custody.Establish(folder["custody"], Custodians, 2, PassphraseOf, Random));
    }

    public ImmutableArray<Custodian> Custodians { get; }

    public Custody Custody { get; private set; }

    public RandomNumberGenerator Random { get; } = RandomNumberGenerator.Create();

    public string this[string name] => folder[name];

    public static string PassphraseOf(string id) => $"{id}の長い合言葉 1234";

    public static T Made<T>(Jpki.Cps.Outcome<T> outcome) where T : class
    {
        Assert.Null(outcome.Refusal);
        return outcome.Value!;
    }

    public Custodian Person(string id)
    {
        Directory.CreateDirectory(folder[id]);
        return new(id, folder[id]);
    }

    public string ShareOf(string id) => ShareFile.PathOf(folder[id], id, Custody.Record.Set.Id);

    public Share Open(string id) => Made(ShareFile.Open(ShareOf(id), PassphraseOf(id)));

    /// <summary>The custody as it is on disk, opened by these custodians.</summary>
    public Activation Activate(params string[] ids)
    {
        Custody = Custody.Open(folder["custody"])!;
        return Made(Custody.Activate([.. (ids is [] ? ["sato", "tanaka"] : ids).Select(Open)]));
    }

    public void Dispose()
    {
        Random.Dispose();
        folder.Dispose();
    }
}
