using System.Threading.Channels;

namespace Jpki.Ledger;

/// <summary>
/// The thread through which every change goes: it takes what is waiting, runs it in one transaction, seals the
/// entries, commits once, and only then says "done" to anyone.
/// </summary>
internal sealed class StoreWriter
{
    private const int Largest = 256;

    private readonly Channel<StoreCommand> queue = Channel.CreateBounded<StoreCommand>(
        new BoundedChannelOptions(16 * Largest) { SingleReader = true });

    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StoreTransaction transaction;
    private readonly SegmentTable table;
    private readonly Sealer sealer;
    private readonly Action committed;
    private long size;
    private volatile Exception? broken;

    public StoreWriter(StoreTransaction transaction, SegmentTable table, Sealer sealer, Action committed)
    {
        (this.transaction, this.table, this.sealer, this.committed) = (transaction, table, sealer, committed);
        size = sealer.Size;
        new Thread(Work) { Name = "store writer", IsBackground = true }.Start();
    }

    public LedgerHealth Health =>
        new(broken is null, broken?.Message, Interlocked.Read(ref size), queue.Reader.Count);

    public async Task<T> Write<T>(Func<StoreTransaction, T> change)
    {
        if (broken is { } reason)
            throw new LedgerBrokenException($"the store is closed to writing: {reason.Message}", reason);
        var command = new StoreCommand<T>(change);
        try
        {
            if (!queue.Writer.TryWrite(command))
                await queue.Writer.WriteAsync(command);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(Store));
        }
        return await command.Answer;
    }

    /// <summary>Takes nothing new, finishes what is waiting.</summary>
    public Task Stop()
    {
        queue.Writer.TryComplete();
        return stopped.Task;
    }

    private void Work()
    {
        var batch = new List<StoreCommand>(Largest);
        while (queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (batch.Count < Largest && queue.Reader.TryRead(out var command))
                batch.Add(command);
            if (broken is null)
                Commit(batch);
            Answer(batch);
            batch.Clear();
        }
        stopped.SetResult();
    }

    /// <summary>
    /// A door in the sense of our style: whatever goes wrong here, a database error or a bug, must reach those who
    /// wait and close the store, and must not end the thread.
    /// </summary>
    private void Commit(List<StoreCommand> batch)
    {
        try
        {
            transaction.Begin();
            foreach (var command in batch)
                command.Run(transaction);
            Segment? segment = null;
            if (transaction.Entries.Count > 0)
                table.Add(segment = sealer.Seal(transaction.Entries));
            transaction.Commit();
            if (segment is not null)
                sealer.Adopt();
            transaction.Entries.Truncate(0, 0);
            Interlocked.Exchange(ref size, sealer.Size);
            committed();
        }
        catch (Exception e)
        {
            broken = e;
        }
    }

    private void Answer(List<StoreCommand> batch)
    {
        var reason = broken is { } cause
            ? new LedgerBrokenException($"the commit failed, nothing of it may be relied on: {cause.Message}", cause)
            : null;
        foreach (var command in batch)
            command.Finish(reason);
    }
}

/// <summary>A change that waits for its turn and then for its commit.</summary>
internal abstract class StoreCommand
{
    public abstract void Run(StoreTransaction transaction);

    public abstract void Finish(LedgerBrokenException? broken);
}

internal sealed class StoreCommand<T>(Func<StoreTransaction, T> change) : StoreCommand
{
    private readonly TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? result;
    private Exception? failure;

    public Task<T> Answer => answer.Task;

    /// <summary>
    /// The change's own failure is its caller's business; a store that cannot undo it is everybody's.
    /// </summary>
    public override void Run(StoreTransaction transaction)
    {
        try
        {
            result = transaction.Run(change);
        }
        catch (Exception e) when (e is not LedgerBrokenException)
        {
            failure = e;
        }
    }

    public override void Finish(LedgerBrokenException? broken)
    {
        if ((failure ?? broken) is { } reason)
            answer.SetException(reason);
        else
            answer.SetResult(result!);
    }
}
