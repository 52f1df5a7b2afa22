using System.Data.Common;

namespace Jpki.Ledger;

/// <summary>
/// A room's own database and its sealed log. One thread writes, many changes to a commit; any number read. Times are
/// stored as BIGINT milliseconds since 1970, flags as BIGINT 0 or 1, so that both databases hold the same.
/// </summary>
public sealed class Store : IAsyncDisposable, IDisposable
{
    private readonly Engine engine;
    private readonly DbConnection connection;
    private readonly StoreWriter writer;

    private Store(Engine engine, DbConnection connection, Sealer sealer)
    {
        (this.engine, this.connection) = (engine, connection);
        var transaction = new StoreTransaction(engine, connection, new EntryBuffer());
        Log = new LogReader(
            (from, to) => Read(c => SegmentTable.Between(c, from, to)), () => Read(SegmentTable.Newest));
        writer = new StoreWriter(transaction, new SegmentTable(connection), sealer, () => Committed?.Invoke());
    }

    /// <summary>
    /// Called on the writer's thread after each commit and before its tasks end; must be quick and must not throw.
    /// </summary>
    public event Action? Committed;

    /// <summary>What is already sealed, for those who read it. 監査ログ</summary>
    public LogReader Log { get; }

    public LedgerHealth Health => writer.Health;

    /// <summary>Opens the store, brings its schema up to date and checks that the log's last seal is whole.</summary>
    public static Store Open(StoreOptions options)
    {
        var engine = Engine.Of(options);
        return Open(options, engine, Migration.In(options.Assembly, engine.Dialect));
    }

    /// <summary>
    /// Queues a change and completes once it is durable. A change that throws is undone alone; its neighbours in the
    /// same commit stand. A change must not wait for another change of the same store.
    /// </summary>
    public Task<T> Write<T>(Func<StoreTransaction, T> change) => writer.Write(change);

    public Task Write(Action<StoreTransaction> change) => writer.Write(transaction =>
    {
        change(transaction);
        return true;
    });

    /// <summary>Reads committed state, at the same time as others read and the writer writes.</summary>
    public T Read<T>(Func<DbConnection, T> read)
    {
        var reader = engine.RentReader();
        try
        {
            return read(reader);
        }
        finally
        {
            engine.Return(reader);
        }
    }

    /// <summary>Finishes every change that was accepted, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        await writer.Stop();
        Close();
    }

    public void Dispose()
    {
        writer.Stop().GetAwaiter().GetResult();
        Close();
    }

    internal static Store Open(StoreOptions options, Engine engine, IReadOnlyList<Migration> migrations)
    {
        DbConnection? connection = null;
        try
        {
            connection = engine.OpenWriter();
            IReadOnlyList<Migration> all = [.. Migration.In(typeof(Store).Assembly, engine.Dialect), .. migrations];
            Migration.Apply(connection, engine, all, options.Time.GetUtcNow());
            return new Store(engine, connection, Sealer.Resume(options.LogKey, SegmentTable.Last(connection)));
        }
        catch
        {
            connection?.Dispose();
            engine.Dispose();
            throw;
        }
    }

    private void Close()
    {
        connection.Dispose();
        engine.Dispose();
    }
}
