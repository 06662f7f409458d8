using Spectre.Console;

namespace ParallelR1.Cli.Output;

/// <summary>Chooses how progress is shown on standard error: a live bar on a terminal, plain lines otherwise, nothing when quiet.</summary>
internal static class ProgressObserver
{
    /// <summary>Dispose it before results are printed.</summary>
    /// <param name="quiet">Shows nothing.</param>
    /// <param name="worker">Tells the process that started this one, which shows it.</param>
    public static IDisposableObserver Create(bool quiet, bool worker = false)
    {
        if (worker)
            return new WorkerObserver(Console.Error, TimeProvider.System);
        if (quiet)
            return new SilentObserver();
        if (Console.IsErrorRedirected || Environment.GetEnvironmentVariable("TERM") is "dumb")
            return new PlainObserver(Console.Error, TimeProvider.System);
        return new LiveObserver(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }));
    }
}

/// <summary>An observer that holds the terminal until it is disposed.</summary>
internal interface IDisposableObserver : IRunObserver, IDisposable;

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
