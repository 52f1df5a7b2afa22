using System.Collections.Concurrent;
using System.Globalization;

namespace Jpki.Host;

/// <summary>
/// The prefecture's clock: the machine's, plus what <c>jpki sandbox clock</c> has advanced it by. Timers made from it
/// come due when it is advanced past them. The offset is kept in a file, so that a restart does not turn time back.
/// </summary>
internal sealed class SandboxClock : TimeProvider
{
    private readonly string file;
    private readonly ConcurrentDictionary<SandboxTimer, byte> timers = [];
    private long offsetTicks;

    public SandboxClock(string file)
    {
        this.file = file;
        if (File.Exists(file))
            offsetTicks = TimeSpan.ParseExact(File.ReadAllText(file).Trim(), "c", CultureInfo.InvariantCulture).Ticks;
    }

    /// <summary>How far it is ahead of the machine's clock.</summary>
    public TimeSpan Offset => TimeSpan.FromTicks(Interlocked.Read(ref offsetTicks));

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset;

    /// <exception cref="ArgumentOutOfRangeException">
    /// Time does not go back: the log and the CRL numbers would not bear it.
    /// </exception>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var offset = Offset + by;
        var draft = file + ".new";
        File.WriteAllText(draft, offset.ToString("c", CultureInfo.InvariantCulture));
        File.Move(draft, file, overwrite: true);
        Interlocked.Exchange(ref offsetTicks, offset.Ticks);
        foreach (var timer in timers.Keys)
            timer.Reschedule();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        SandboxTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class SandboxTimer : ITimer
    {
        private readonly Lock gate = new();
        private readonly SandboxClock clock;
        private readonly ITimer inner;
        private DateTimeOffset? due;
        private TimeSpan period;

        public SandboxTimer(SandboxClock clock, TimerCallback callback, object? state)
        {
            this.clock = clock;
            inner = System.CreateTimer(_ =>
                Fire(callback, state), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod)
        {
            lock (gate)
            {
                due = dueTime == Timeout.InfiniteTimeSpan ? null : clock.GetUtcNow() + dueTime;
                period = newPeriod;
            }
            if (due is null)
                clock.timers.TryRemove(this, out _);
            else
                clock.timers[this] = 0;
            return Reschedule();
        }

        public bool Reschedule()
        {
            lock (gate)
            {
                var wait = due is { } at ? at - clock.GetUtcNow() : Timeout.InfiniteTimeSpan;
                return inner.Change(
                    wait < TimeSpan.Zero && due is not null ? TimeSpan.Zero : wait, Timeout.InfiniteTimeSpan);
            }
        }

        public void Dispose()
        {
            clock.timers.TryRemove(this, out _);
            inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Fire(TimerCallback callback, object? state)
        {
            lock (gate)
            {
                if (due is null || due > clock.GetUtcNow())
                {
                    Reschedule();                             // Moved while the callback was on its way.
                    return;
                }
                due = period > TimeSpan.Zero ? clock.GetUtcNow() + period : null;
            }
            if (due is null)
                clock.timers.TryRemove(this, out _);
            else
                Reschedule();
            callback(state);
        }
    }
}
