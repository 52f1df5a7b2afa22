using System.Data.Common;
using Dapper;

namespace Jpki.Ledger;

/// <summary>
/// What a change may do while it is being made. A change whose SQL fails is undone as a whole, even if it caught the
/// exception, so that both databases behave alike.
/// </summary>
public sealed class StoreTransaction
{
    private readonly Engine engine;
    private readonly DbConnection connection;
    private readonly Dictionary<string, PreparedCommand> prepared = [];
    private readonly DbCommand mark;
    private readonly DbCommand remark;
    private bool running, touched, marked;
    private DbException? failure;
    private int length, count;

    internal StoreTransaction(Engine engine, DbConnection connection, EntryBuffer entries)
    {
        (this.engine, this.connection, Entries) = (engine, connection, entries);
        mark = Plain("SAVEPOINT change");
        remark = Plain("RELEASE SAVEPOINT change; SAVEPOINT change");
    }

    internal EntryBuffer Entries { get; }

    /// <summary>The hot path: a statement prepared once per connection. Parameters are written <c>@name</c>.</summary>
    public PreparedCommand Command(string sql)
    {
        Require(running);
        if (prepared.TryGetValue(sql, out var known))
            return known;
        var made = new PreparedCommand(this, engine, Plain(sql));
        prepared.Add(sql, made);
        return made;
    }

    public int Execute(string sql, object? values = null) => Guard(() => connection.Execute(sql, values));

    public IReadOnlyList<T> Query<T>(string sql, object? values = null) =>
        Guard(() => connection.Query<T>(sql, values).AsList());

    public T? QueryFirstOrDefault<T>(string sql, object? values = null) =>
        Guard(() => connection.QueryFirstOrDefault<T>(sql, values));

    /// <summary>
    /// Seals the entry in this transaction: the change and its entry are durable together or not at all.
    /// </summary>
    public void Record(LedgerEvent entry)
    {
        Require(running);
        Entries.Add(entry);
    }

    internal void Begin()
    {
        Direct(engine.Begin);
        marked = false;
    }

    internal void Commit() => Direct("COMMIT");

    /// <summary>
    /// Runs one change between savepoints. One that throws leaves no trace, in the tables or in the log.
    /// </summary>
    internal T Run<T>(Func<StoreTransaction, T> change)
    {
        (running, touched, failure, length, count) = (true, false, null, Entries.Length, Entries.Count);
        var done = false;
        try
        {
            var result = change(this);
            if (failure is not null)
                throw new InvalidOperationException("a statement failed and the change did not say so", failure);
            done = true;
            return result;
        }
        finally
        {
            running = false;
            if (!done)
                Undo();
        }
    }

    internal T Guard<T>(Func<T> statement)
    {
        Require(running);
        Touch();
        try
        {
            return statement();
        }
        catch (DbException e)
        {
            failure ??= e;
            throw;
        }
    }

    private static void Require(bool running)
    {
        if (!running)
            throw new InvalidOperationException("a store's transaction lives only while its change runs");
    }

    /// <summary>
    /// The savepoint is set by the first statement: a change that only records entries costs no SQL at all.
    /// </summary>
    private void Touch()
    {
        if (touched)
            return;
        (marked ? remark : mark).ExecuteNonQuery();
        touched = marked = true;
    }

    private void Undo()
    {
        Entries.Truncate(length, count);
        if (!touched)
            return;
        try
        {
            using var undo = Plain("ROLLBACK TO SAVEPOINT change");
            undo.ExecuteNonQuery();
        }
        catch (DbException e)
        {
            throw new LedgerBrokenException("a failed change could not be undone", e);
        }
    }

    private DbCommand Plain(string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }

    private void Direct(string sql)
    {
        using var command = Plain(sql);
        command.ExecuteNonQuery();
    }
}
