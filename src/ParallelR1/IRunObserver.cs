using System.Globalization;

namespace ParallelR1;

/// <summary>Watches long work. Calls may come from any thread, often; an observer decides what to show.</summary>
public interface IRunObserver
{
    /// <summary>How far an activity is.</summary>
    void Report(RunProgress progress);

    /// <summary>Something that is worth a line of its own.</summary>
    void Say(string message);
}

/// <summary>How far an activity is.</summary>
/// <param name="Activity">What is done, as in "rl" or "evaluating hard"; one bar each.</param>
/// <param name="Done">Units that are done.</param>
/// <param name="Total">All units; 0: not known.</param>
/// <param name="Detail">The figures of the moment, as in "reward 0.31".</param>
public sealed record RunProgress(string Activity, long Done, long Total, string Detail = "")
{
    /// <summary>Whether the units are bytes, which are shown as KiB and MiB.</summary>
    public bool InBytes { get; init; }

    /// <summary>What is done, of how much, as a person reads it.</summary>
    public string Amount => Total > 0 ? $"{Number(Done)}/{Number(Total)}" : Number(Done);

    private string Number(long units) => !InBytes ? $"{units}"
        : units < 1 << 20 ? string.Create(CultureInfo.InvariantCulture, $"{units / 1024.0:F1} KiB")
        : string.Create(CultureInfo.InvariantCulture, $"{units / 1048576.0:F1} MiB");
}

/// <summary>Shows nothing.</summary>
public sealed class QuietObserver : IRunObserver
{
    /// <summary>The only one there need be.</summary>
    public static QuietObserver Instance { get; } = new();

    /// <inheritdoc/>
    public void Report(RunProgress progress)
    {
    }

    /// <inheritdoc/>
    public void Say(string message)
    {
    }
}
