namespace ParallelR1;

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
