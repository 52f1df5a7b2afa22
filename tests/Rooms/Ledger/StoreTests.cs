using Dapper;
using Jpki.Ledger;
using Xunit;

namespace Jpki.Tests.Rooms.Ledger;

/// <summary>What a store promises, on whichever database.</summary>
public abstract class StoreTests : LedgerRoom
{
    private const string Insert = "INSERT INTO account (id, owner, digest) VALUES (@id, @owner, @digest)";

    private protected abstract string Location { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_is_there_once_its_task_is_done()
    {
        await using var store = OpenStore(Location);

        var answer = await store.Write(tx =>
            tx.Execute(Insert, new { id = 1L, owner = "一", digest = new byte[] { 7 } }));

        Assert.Equal(1, answer);
        Assert.Equal(
            "一", store.Read(c => c.QuerySingle<string>("SELECT owner FROM account WHERE id = @id", new { id = 1L })));
        Assert.Equal([7], store.Read(c => c.QuerySingle<byte[]>("SELECT digest FROM account")));
    }

    [Fact]
    public async Task A_prepared_command_runs_many_times_with_new_values()
    {
        await using var store = OpenStore(Location);

        await Task.WhenAll(Enumerable.Range(1, 600).Select(i => store.Write(tx =>
            tx.Command(Insert).Set("id", (long)i)
                .Set("owner", $"o{i}").Set("digest", i % 2 == 0 ? new byte[] { 1 } : null).Execute())));

        var (count, nulls) = await store.Write(tx => (
            tx.Command("SELECT COUNT(*) FROM account").Scalar<long>(),
            tx.Command("SELECT id FROM account WHERE digest IS NULL").Query(r => r.GetInt64(0)).Count));
        Assert.Equal((600L, 300), (count, nulls));
    }

    [Fact]
    public async Task A_change_that_throws_is_undone_alone_and_leaves_no_entry()
    {
        await using var store = OpenStore(Location);

        var tasks = Enumerable.Range(0, 500).Select(i => store.Write(tx =>
        {
            tx.Command(Insert).Set("id", (long)i).Set("owner", $"o{i}").Set("digest", null).Execute();
            tx.Record(Event(i));
            return i % 5 == 3 ? throw new FormatException($"not {i}") : i;
        })).ToArray();
        await Task.WhenAny(Task.WhenAll(tasks), Task.Delay(Timeout.Infinite, Cancel));

        Assert.All(tasks, (task, i) => Assert.Equal(i % 5 == 3, task.Exception?.InnerException is FormatException));
        Assert.Equal(400, store.Read(c => c.ExecuteScalar<long>("SELECT COUNT(*) FROM account WHERE id % 5 <> 3")));
        Assert.Equal(400, store.Read(c => c.ExecuteScalar<long>("SELECT COUNT(*) FROM account")));
        Assert.Equal(400, store.Health.LogSize);
        Assert.True(store.Health.IsWell);
    }

    [Fact]
    public async Task A_change_whose_statement_failed_is_undone_even_if_it_hides_the_failure()
    {
        await using var store = OpenStore(Location);
        await store.Write(tx => tx.Execute(Insert, new { id = 1L, owner = "same", digest = (byte[]?)null }));

        var hiding = store.Write(tx =>
        {
            tx.Execute(Insert, new { id = 2L, owner = "other", digest = (byte[]?)null });
            try { tx.Execute(Insert, new { id = 3L, owner = "same", digest = (byte[]?)null }); }
            catch (System.Data.Common.DbException) { }
        });
        var neighbour = store.Write(tx => tx.Execute(Insert, new { id = 4L, owner = "fine", digest = (byte[]?)null }));

        await Assert.ThrowsAsync<InvalidOperationException>(() => hiding);
        await neighbour;
        Assert.Equal([1L, 4L], store.Read(c => c.Query<long>("SELECT id FROM account ORDER BY id")));
    }

    [Fact]
    public async Task Foreign_keys_and_checks_are_kept()
    {
        await using var store = OpenStore(Location);

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() =>
            store.Write(tx => tx.Execute("INSERT INTO movement VALUES (99, 5)")));
        Assert.True(store.Health.IsWell);
    }

    [Fact]
    public async Task Readers_are_woken_after_each_commit()
    {
        await using var store = OpenStore(Location);
        var seen = new TaskCompletionSource<long>();
        store.Committed += () =>
            seen.TrySetResult(store.Read(c => c.ExecuteScalar<long>("SELECT COUNT(*) FROM account")));

        await store.Write(tx => tx.Execute(Insert, new { id = 1L, owner = "a", digest = (byte[]?)null }));

        Assert.Equal(1, await seen.Task);
    }

    [Fact]
    public async Task Disposing_finishes_what_was_accepted_and_refuses_the_rest()
    {
        var store = OpenStore(Location);
        var tasks = Enumerable.Range(0, 1000).Select(i => store.Write(tx => tx.Record(Event(i)))).ToArray();

        await store.DisposeAsync();

        await Task.WhenAll(tasks);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.Write(tx => tx.Record(Event(0))));
        await using var again = OpenStore(Location);
        Assert.Equal(1000, again.Health.LogSize);
    }

    [Fact]
    public async Task A_log_goes_on_where_it_stopped()
    {
        for (var round = 1; round <= 5; round++)
        {
            await using var store = OpenStore(Location);
            await Task.WhenAll(Enumerable.Range(0, 7).Select(i => store.Write(tx => tx.Record(Event(i)))));
            Assert.Equal(round * 7, store.Health.LogSize);
        }
    }

    [Fact]
    public void An_altered_migration_is_refused()
    {
        OpenStore(Location).Dispose();

        var altered = Accounts with { Sql = Accounts.Sql.Replace("UNIQUE", "", StringComparison.Ordinal) };
        var refusal = Assert.Throws<SchemaException>(() => OpenStore(Location, altered));
        Assert.Contains("001-accounts was altered", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_newer_than_the_program_is_refused()
    {
        OpenStore(Location, Accounts, new Migration(2, "later", "CREATE TABLE later (id BIGINT)")).Dispose();

        var refusal = Assert.Throws<SchemaException>(() => OpenStore(Location));
        Assert.Contains(
            "002-later is in the database but not in this program", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failing_migration_leaves_nothing_behind()
    {
        var broken = new Migration(2, "broken", "CREATE TABLE half (id BIGINT); INSERT INTO nowhere VALUES (1)");
        Assert.ThrowsAny<System.Data.Common.DbException>(() => OpenStore(Location, Accounts, broken));

        using var store = OpenStore(Location, Accounts, broken with { Sql = "CREATE TABLE half (id BIGINT)" });
        Assert.Equal(0, store.Read(c => c.ExecuteScalar<long>("SELECT COUNT(*) FROM half")));
    }

    [Fact]
    public void A_store_has_one_writer()
    {
        using var first = OpenStore(Location);

        Assert.Throws<LedgerBrokenException>(() => OpenStore(Location));
    }

    [Fact]
    public async Task A_commit_that_fails_faults_its_changes_and_closes_the_store_to_writing()
    {
        await using var store = OpenStore(Location, Accounts, new Migration(2, "deferred", """
            CREATE TABLE late (account BIGINT REFERENCES account (id) DEFERRABLE INITIALLY DEFERRED)
            """));

        var doomed = store.Write(tx => tx.Execute("INSERT INTO late VALUES (404)"));

        await Assert.ThrowsAsync<LedgerBrokenException>(() => doomed);
        Assert.False(store.Health.IsWell);
        await Assert.ThrowsAsync<LedgerBrokenException>(() => store.Write(tx => tx.Record(Event(1))));
        Assert.Equal(0, store.Read(c => c.ExecuteScalar<long>("SELECT COUNT(*) FROM late")));
    }
}

public sealed class SqliteStoreTests : StoreTests
{
    private protected override string Location => Path.Combine(Folder, "room.db");
}
