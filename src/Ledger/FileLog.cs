using Microsoft.Win32.SafeHandles;

namespace Jpki.Ledger;

/// <summary>
/// A sealed log in a file of its own, for rooms without a database. Everything that arrives while one segment is being
/// synced to disk goes into the next. 監査ログ
/// </summary>
public sealed class FileLog : IAsyncDisposable, IDisposable
{
    private const int LargestBatch = 16384;

    private readonly Lock gate = new();
    private readonly SemaphoreSlim work = new(0);
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FileStream held;
    private readonly SafeFileHandle file;
    private readonly Sealer sealer;
    private Batch waiting = new(), spare = new();
    private long end, size;
    private string? checkpoint;
    private volatile Exception? broken;
    private bool closing;

    private FileLog(FileStream held, SafeFileHandle file, Sealer sealer, Segment? last, long end)
    {
        (this.held, this.file, this.sealer, this.end) = (held, file, sealer, end);
        (size, checkpoint) = (sealer.Size, last?.Checkpoint);
        var index = new FrameIndex(file, () => Interlocked.Read(ref this.end));
        Log = new LogReader(index.Segments, () => Volatile.Read(ref checkpoint));
        new Thread(Work) { Name = "log writer", IsBackground = true }.Start();
    }

    /// <summary>What is already sealed, for those who read it.</summary>
    public LogReader Log { get; }

    public LedgerHealth Health =>
        new(broken is null, broken?.Message, Interlocked.Read(ref size), waiting.Entries.Count);

    /// <summary>
    /// Opens or begins the log. A torn last frame, which a crash can leave, is moved aside to <c>.torn</c>.
    /// </summary>
    public static FileLog Open(string path, LogKey key)
    {
        var held = DurableFile.Hold(path + ".lock");
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
            var (last, end) = FrameIndex.Recover(file, path);
            return new FileLog(held, file, Sealer.Resume(key, last), last, end);
        }
        catch
        {
            file?.Dispose();
            held.Dispose();
            throw;
        }
    }

    /// <summary>Completes once the entry is sealed and on disk.</summary>
    public async Task Append(LedgerEvent entry)
    {
        bool taken;
        do
        {
            taken = Take(entry, out var done);
            await done;
        }
        while (!taken);
    }

    /// <summary>Seals and syncs every entry that was accepted, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        Stop();
        await stopped.Task;
        Close();
    }

    public void Dispose()
    {
        Stop();
        stopped.Task.GetAwaiter().GetResult();
        Close();
    }

    /// <summary>
    /// False when the batch is full: then the caller waits for that batch and asks again, which bounds the memory.
    /// </summary>
    private bool Take(LedgerEvent entry, out Task done)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closing, this);
            if (broken is { } reason)
                throw new LedgerBrokenException($"the log is closed to writing: {reason.Message}", reason);
            done = waiting.Done.Task;
            if (waiting.Entries.Count >= LargestBatch)
                return false;
            waiting.Entries.Add(entry);
            if (waiting.Entries.Count == 1)
                work.Release();
            return true;
        }
    }

    private void Work()
    {
        while (true)
        {
            work.Wait();
            Batch batch;
            lock (gate)
            {
                if (waiting.Entries.Count == 0 && closing)
                    break;
                (batch, waiting) = (waiting, spare);
            }
            Commit(batch);
            batch.Renew();
            spare = batch;
        }
        stopped.SetResult();
    }

    /// <summary>
    /// A door in the sense of our style: a disk that fails, or a bug, must reach those who wait and close the log, and
    /// must not end the thread.
    /// </summary>
    private void Commit(Batch batch)
    {
        try
        {
            if (broken is { } earlier)
                throw new LedgerBrokenException($"the log is closed to writing: {earlier.Message}", earlier);
            var segment = sealer.Seal(batch.Entries);
            var frame = FrameFile.Write(segment);
            RandomAccess.Write(file, frame, end);
            RandomAccess.FlushToDisk(file);
            sealer.Adopt();
            Volatile.Write(ref checkpoint, segment.Checkpoint);
            Interlocked.Add(ref end, frame.Length);
            Interlocked.Exchange(ref size, sealer.Size);
            batch.Done.SetResult();
        }
        catch (Exception e)
        {
            broken ??= e;
            batch.Done.SetException(e as LedgerBrokenException
                ?? new LedgerBrokenException(
                    $"the log could not be written, nothing of it may be relied on: {e.Message}", e));
        }
    }

    private void Stop()
    {
        lock (gate)
        {
            closing = true;
            work.Release();
        }
    }

    private void Close()
    {
        file.Dispose();
        held.Dispose();
    }

    private sealed class Batch
    {
        public EntryBuffer Entries { get; } = new();

        public TaskCompletionSource Done { get; private set; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Renew()
        {
            Entries.Truncate(0, 0);
            Done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
