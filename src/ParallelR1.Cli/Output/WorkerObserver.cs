using System.Text.Json;

namespace ParallelR1.Cli.Output;

/// <summary>Tells the process that started this one how far it is: a JSON object a line on standard error.</summary>
internal sealed class WorkerObserver(TextWriter output, TimeProvider time) : IDisposableObserver
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.5);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _told = [];

    /// <summary>Passes on a line of a process that has such an observer; other lines as they are.</summary>
    /// <param name="line">The line.</param>
    /// <param name="prefix">Tells its activities from those of other processes.</param>
    /// <param name="observer">Who hears of it.</param>
    public static void Relay(string line, string prefix, IRunObserver observer)
    {
        if (Parse(line) is { } progress)
            observer.Report(progress with { Activity = prefix + progress.Activity });
        else if (line.StartsWith("error: ", StringComparison.Ordinal))
            Console.Error.WriteLine(line); // however quiet it is
        else
            observer.Say(prefix + line);
    }

    public void Report(RunProgress progress)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            if (progress.Done < progress.Total && _told.TryGetValue(progress.Activity, out var told) && time.GetElapsedTime(told, now) < Pause)
                return;
            _told[progress.Activity] = now;
            Write(JsonSerializer.Serialize(progress));
        }
    }

    public void Say(string message)
    {
        lock (_lock)
            Write(message);
    }

    public void Dispose()
    {
    }

    private static RunProgress? Parse(string line)
    {
        try
        {
            return line.StartsWith('{') ? JsonSerializer.Deserialize<RunProgress>(line) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Write(string line)
    {
        output.WriteLine(line);
        output.Flush();
    }
}
