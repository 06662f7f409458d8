namespace ParallelR1.Cli.Output;

/// <summary>One plain line every few seconds, and one when an activity is done.</summary>
internal sealed class PlainObserver(TextWriter output, TimeProvider time) : IDisposableObserver
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Activity> _activities = [];

    public void Report(RunProgress progress)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var finished = progress.Total > 0 && progress.Done >= progress.Total;
            // An activity that was finished and begins again (a suite that is measured every few steps) is a new one.
            if (!_activities.TryGetValue(progress.Activity, out var activity) || (activity.Finished && !finished))
                _activities[progress.Activity] = activity = new Activity { Begun = now, FirstDone = progress.Done };
            if (activity.Finished || (activity.Shown is { } shown && time.GetElapsedTime(shown, now) < Pause && !finished))
                return;
            activity.Shown = now;
            activity.Finished = finished;
            output.WriteLine(Line(progress, activity, time.GetElapsedTime(activity.Begun, now)));
            output.Flush();
        }
    }

    public void Say(string message)
    {
        lock (_lock)
        {
            output.WriteLine(message);
            output.Flush();
        }
    }

    public void Dispose()
    {
    }

    private static string Line(RunProgress progress, Activity activity, TimeSpan elapsed)
    {
        var line = progress.Total > 0
            ? $"{progress.Activity}: {progress.Amount} ({100 * progress.Done / progress.Total} %)"
            : $"{progress.Activity}: {progress.Amount}";
        if (progress.Done > activity.FirstDone && progress.Total > progress.Done)
            line += $", {Describe(elapsed * ((double)(progress.Total - progress.Done) / (progress.Done - activity.FirstDone)))} left";
        return progress.Detail.Length > 0 ? $"{line}, {progress.Detail}" : line;
    }

    private static string Describe(TimeSpan span) => span switch
    {
        { TotalHours: >= 1 } => $"{(int)span.TotalHours} h {span.Minutes} min",
        { TotalMinutes: >= 1 } => $"{span.Minutes} min {span.Seconds} s",
        _ => $"{Math.Ceiling(span.TotalSeconds)} s",
    };

    private sealed class Activity
    {
        public long Begun { get; init; }

        public long FirstDone { get; init; }

        public long? Shown { get; set; }

        public bool Finished { get; set; }
    }
}
