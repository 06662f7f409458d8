namespace ParallelR1.Cli;

/// <summary>Progress of downloads on standard error: one line that is rewritten on a terminal, a plain line every few seconds otherwise.</summary>
internal sealed class DownloadObserver(TimeProvider time) : IRunObserver
{
    private readonly Lock _gate = new();
    private readonly bool _live = !Console.IsErrorRedirected;
    private long _last;
    private bool _open;

    public void Report(RunProgress progress)
    {
        lock (_gate)
        {
            var interval = TimeSpan.FromSeconds(_live ? 0.2 : 5);
            var isLast = progress.Done == progress.Total;
            if (!isLast && _last != 0 && time.GetElapsedTime(_last) < interval)
                return;
            _last = time.GetTimestamp();
            var of = progress.Total > 0 ? $" of {Size(progress.Total)}" : "";
            Console.Error.Write(_live ? $"\r{progress.Activity}: {Size(progress.Done)}{of}   " : $"{progress.Activity}: {Size(progress.Done)}{of}\n");
            _open = _live && !isLast;
            if (_live && isLast)
                Console.Error.WriteLine();
        }
    }

    public void Say(string message)
    {
        lock (_gate)
        {
            if (_open)
                Console.Error.WriteLine();
            _open = false;
            Console.Error.WriteLine(message);
        }
    }

    private static string Size(long bytes) => bytes < 1 << 20 ? $"{bytes / 1024.0:F1} KiB" : $"{bytes / 1048576.0:F1} MiB";
}
