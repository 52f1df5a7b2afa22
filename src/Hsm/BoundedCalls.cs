using System.Collections.Concurrent;

namespace Jpki.Hsm;

/// <summary>
/// Lends threads to calls that may never come back: a module cannot be interrupted. Who waits longer than the patience
/// is told so; the thread stays with its call until that ends, and there is a most of them.
/// </summary>
/// <remarks>
/// Both sides wait for a task because that looks around for a few microseconds before it sleeps: a thread that is put
/// to sleep and woken at each call costs as much as a signature.
/// </remarks>
internal sealed class BoundedCalls(string name, int most) : IDisposable
{
    private readonly ConcurrentStack<Worker> idle = [];
    private readonly SemaphoreSlim free = new(most);
    private volatile bool closed;

    /// <summary>What the work gives or throws; an <see cref="HsmException"/> when that takes too long.</summary>
    public T Do<T>(Func<T> work, TimeSpan patience)
    {
        if (!free.Wait(patience))
            throw TooLong($"is busy: {most} calls have not come back", patience);
        if (!idle.TryPop(out var worker))
            worker = new(Done);
        Task<T> call = new(work);
        worker.Take(call);
        if (Task.WaitAny([call], patience) < 0)
            throw TooLong("does not answer", patience);
        return call.GetAwaiter().GetResult();
    }

    /// <summary>Threads that are not lost end now, the others when their calls do.</summary>
    public void Dispose()
    {
        closed = true;
        while (idle.TryPop(out var worker))
            worker.Take(null);
    }

    private void Done(Worker worker)
    {
        idle.Push(worker);
        free.Release();
        if (closed)
            Dispose();
    }

    private HsmException TooLong(string what, TimeSpan patience) => new(
        $"{name} {what} (waited {patience.TotalSeconds:0} s). Look at its device and connection (jpki hsm doctor); "
        + "start again when it stays so");

    private sealed class Worker
    {
        private readonly Action<Worker> done;
        private volatile TaskCompletionSource<Task?> next = new();

        public Worker(Action<Worker> done)
        {
            this.done = done;
            new Thread(Work) { IsBackground = true, Name = "PKCS#11" }.Start();
        }

        /// <summary>Null ends the thread.</summary>
        public void Take(Task? call) => next.SetResult(call);

        private void Work()
        {
            while (next.Task.GetAwaiter().GetResult() is { } call)
            {
                next = new();
                call.RunSynchronously(TaskScheduler.Default);
                done(this);
            }
        }
    }
}
