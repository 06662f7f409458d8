namespace ParallelR1.Cli.Output;

/// <summary><c>--quiet</c>.</summary>
internal sealed class SilentObserver : IDisposableObserver
{
    public void Report(RunProgress progress)
    {
    }

    public void Say(string message)
    {
    }

    public void Dispose()
    {
    }
}
