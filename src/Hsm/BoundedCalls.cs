using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Jpki.Hsm;

/// <summary>
/// Lends threads to calls that may never come back: a module cannot be interrupted. Who waits longer than the patience
/// is told so; the thread stays with its call until that ends, and there is a most of them.
/// </summary>
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
        Call<T> call = new(work);
        if (!idle.TryPop(out var worker))
            worker = new(Done);
        worker.Take(call);
        return call.Result(patience, () => TooLong("does not answer", patience));
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

    private interface ICall
    {
        void Run();
    }

    private sealed class Call<T>(Func<T> work) : ICall
    {
        private readonly object gate = new();
        private bool isDone;
        private ExceptionDispatchInfo? failure;
        private T? result;

        /// <summary>The caller's door: whatever the work throws is thrown to him.</summary>
        public void Run()
        {
            try
            {
                result = work();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
            lock (gate)
            {
                isDone = true;
                Monitor.Pulse(gate);
            }
        }

        public T Result(TimeSpan patience, Func<HsmException> tooLong)
        {
            lock (gate)
            {
                if (!isDone && !Monitor.Wait(gate, patience))
                    throw tooLong();
            }
            failure?.Throw();
            return result!;
        }
    }

    private sealed class Worker
    {
        private readonly object gate = new();
        private readonly Action<Worker> done;
        private bool isAsked;
        private ICall? next;

        public Worker(Action<Worker> done)
        {
            this.done = done;
            new Thread(Work) { IsBackground = true, Name = "PKCS#11" }.Start();
        }

        /// <summary>Null ends the thread.</summary>
        public void Take(ICall? call)
        {
            lock (gate)
            {
                (next, isAsked) = (call, true);
                Monitor.Pulse(gate);
            }
        }

        private void Work()
        {
            while (Next() is { } call)
            {
                call.Run();
                done(this);
            }
        }

        private ICall? Next()
        {
            lock (gate)
            {
                while (!isAsked)
                    Monitor.Wait(gate);
                isAsked = false;
                return next;
            }
        }
    }
}
