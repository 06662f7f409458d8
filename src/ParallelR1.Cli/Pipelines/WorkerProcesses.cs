using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using ParallelR1.Cli.Output;
using ParallelR1.Torch;

namespace ParallelR1.Cli.Pipelines;

/// <summary>
/// The rows of a curriculum made side by side, by processes of this program with a share of the threads each: two models of a million parameters on a core each take
/// two thirds of the time that they take one after the other on both. Every process takes what can begin and nobody is at (<see cref="Training.Curriculum"/>).
/// </summary>
/// <param name="arguments">The command of a process.</param>
/// <param name="observer">Hears what they say.</param>
internal sealed class WorkerProcesses(IReadOnlyList<string> arguments, IRunObserver observer)
{
    /// <summary>Tells a process that it is one of these.</summary>
    public static Option<bool> CreateOption() => new("--worker") { Hidden = true };

    /// <summary>Lets so many processes do the work.</summary>
    /// <returns>The exit status of the first that failed; 0: none did, or they were interrupted and have saved what can be resumed.</returns>
    public async Task<int> RunAsync(int jobs, CancellationToken cancellation)
    {
        var threads = Math.Max(1, Runtime.Threads / jobs);
        observer.Say($"{jobs} rows side by side, {threads} {(threads == 1 ? "thread" : "threads")} each");
        var statuses = await Task.WhenAll(Enumerable.Range(1, jobs).Select(job => RunOneAsync(job, threads, cancellation))).ConfigureAwait(false);
        return cancellation.IsCancellationRequested ? ExitCode.Done : statuses.FirstOrDefault(status => status != ExitCode.Done);
    }

    /// <summary>For such a process: works until all is done or its standard input ends, because the one that started it asks it to stop or is gone.</summary>
    public static async Task<int> WorkAsync(Func<CancellationToken, Task> work, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _ = Task.Run(
            async () =>
            {
                await Console.In.ReadToEndAsync(CancellationToken.None).ConfigureAwait(false);
                await stop.CancelAsync().ConfigureAwait(false);
            },
            CancellationToken.None);
        await work(stop.Token).ConfigureAwait(false);
        return ExitCode.Done;
    }

    private async Task<int> RunOneAsync(int job, int threads, CancellationToken cancellation)
    {
        using var process = Process.Start(Start(threads))!;
        using var stop = cancellation.Register(process.StandardInput.Close);
        while (await process.StandardError.ReadLineAsync(CancellationToken.None).ConfigureAwait(false) is { } line)
            WorkerObserver.Relay(line, $"{job}| ", observer);
        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        return process.ExitCode;
    }

    private ProcessStartInfo Start(int threads)
    {
        var program = Environment.ProcessPath!;
        string[] all = [.. arguments, "--worker", "--threads", threads.ToString(CultureInfo.InvariantCulture)];
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
            all = [Assembly.GetEntryAssembly()!.Location, .. all];
        return new ProcessStartInfo(program, all) { RedirectStandardInput = true, RedirectStandardError = true };
    }
}
