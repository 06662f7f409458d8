namespace ParallelR1.Tests.Data.ColdStart;

/// <summary>A clock on which every wait up to a limit is over at once, and remembers what was waited for. Longer timers go by the real clock.</summary>
internal sealed class JumpingClock(TimeSpan limit) : TimeProvider
{
    private readonly Lock _gate = new();
    private TimeSpan _jumped;

    /// <summary>All waits that were jumped over.</summary>
    public List<TimeSpan> Waits { get; } = [];

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return base.GetUtcNow() + _jumped;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime < TimeSpan.Zero || dueTime > limit)
            return base.CreateTimer(callback, state, dueTime, period);
        lock (_gate)
        {
            Waits.Add(dueTime);
            _jumped += dueTime;
        }

        return base.CreateTimer(callback, state, TimeSpan.FromMilliseconds(1), period);
    }
}
