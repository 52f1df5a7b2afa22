using System.Security.Cryptography;
using Jpki.Ledger;

namespace Jpki.Tests.Rooms.Ledger;

/// <summary>What the ledger's tests stand on: a folder of their own, a key, a clock and a small schema.</summary>
public abstract class LedgerRoom : IDisposable
{
    private readonly Lazy<string> folder = new(() => Directory.CreateTempSubdirectory("jpki-ledger-").FullName);

    internal static readonly Migration Accounts = new(1, "accounts", """
        CREATE TABLE account (id BIGINT NOT NULL PRIMARY KEY, owner TEXT NOT NULL UNIQUE, digest BYTEA);
        CREATE TABLE movement (
            account BIGINT NOT NULL REFERENCES account (id), amount BIGINT NOT NULL CHECK (amount <> 0))
        """);

    protected static readonly DateTimeOffset Noon = new(2026, 4, 1, 12, 0, 0, TimeSpan.FromHours(9));

    private protected LogKey Key { get; } = LogKey.Create("log.test/room", RandomNumberGenerator.Create());

    /// <summary>Made when first asked for: a child that is killed has none of its own to leave behind.</summary>
    protected string Folder => folder.Value;

    public virtual void Dispose()
    {
        GC.SuppressFinalize(this);
        Key.Dispose();
        if (folder.IsValueCreated)
            Directory.Delete(Folder, recursive: true);
    }

    protected static LedgerEvent Event(long number) =>
        new("証明書発行", Noon.AddSeconds(number), "成功", "Authority", $"serial {number}");

    internal StoreOptions Options(string location) => new()
    {
        Location = location,
        Room = "Room",
        Assembly = typeof(Store).Assembly,
        LogKey = Key,
    };

    internal Store OpenStore(string location, params Migration[] migrations)
    {
        var options = Options(location);
        return Store.Open(options, Engine.Of(options), migrations is [] ? [Accounts] : migrations);
    }
}
