using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using ParallelR1.Reproduction;
using ParallelR1.Torch;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Cli.Pipelines;

/// <summary>
/// Rows of a table made side by side, each by a process with its share of the threads: two models of a million parameters on a core each take two thirds of the
/// time that they take one after the other on both. Every process takes what can begin and nobody is at.
/// </summary>
/// <param name="options">Which rows.</param>
/// <param name="output">Where they go.</param>
/// <param name="observer">Hears what the processes say.</param>
internal sealed class ReproductionWorkers(ReproductionOptions options, string output, IRunObserver observer)
{
    /// <summary>Lets processes make all rows.</summary>
    /// <returns>The exit status of the first that failed; 0: none did, or they were interrupted and have saved what can be resumed.</returns>
    public async Task<int> RunAsync(int jobs, DtypeChoice dtype, CancellationToken cancellation)
    {
        var threads = Math.Max(1, Runtime.Threads / jobs);
        observer.Say($"{jobs} rows side by side, {threads} {(threads == 1 ? "thread" : "threads")} each");
        var statuses = await Task.WhenAll(Enumerable.Range(1, jobs).Select(job => RunOneAsync(job, threads, dtype, cancellation))).ConfigureAwait(false);
        return cancellation.IsCancellationRequested ? ExitCode.Done : statuses.FirstOrDefault(status => status != ExitCode.Done);
    }

    /// <summary>Cancelled when the standard input ends: the process that started this one asks it to stop, or is gone.</summary>
    public static CancellationTokenSource UntilInputEnds(CancellationToken cancellation)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _ = Task.Run(
            async () =>
            {
                await Console.In.ReadToEndAsync(CancellationToken.None).ConfigureAwait(false);
                await source.CancelAsync().ConfigureAwait(false);
            },
            CancellationToken.None);
        return source;
    }

    private async Task<int> RunOneAsync(int job, int threads, DtypeChoice dtype, CancellationToken cancellation)
    {
        using var process = Process.Start(Start(threads, dtype))!;
        using var stop = cancellation.Register(process.StandardInput.Close);
        while (await process.StandardError.ReadLineAsync(CancellationToken.None).ConfigureAwait(false) is { } line)
            observer.Say($"{job}| {line}");
        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        return process.ExitCode;
    }

    private ProcessStartInfo Start(int threads, DtypeChoice dtype)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardError = true };
        var program = Assembly.GetEntryAssembly()!.Location;
        List<string> arguments =
        [
            "reproduce", "--worker", "--scale", options.Scale.ToString().ToLowerInvariant(), "--out", output, "--dtype", dtype.ToString().ToLowerInvariant(),
            "--threads", threads.ToString(CultureInfo.InvariantCulture),
        ];
        if (options.Rows.Count > 0)
            arguments.AddRange(["--rows", string.Join(',', options.Rows)]);
        if (options.Seeds is { } seeds)
            arguments.AddRange(["--seeds", seeds.ToString(CultureInfo.InvariantCulture)]);
        foreach (var setting in options.Settings)
            arguments.AddRange(["--set", setting]);
        foreach (var argument in Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [program, .. arguments] : arguments)
            start.ArgumentList.Add(argument);
        return start;
    }
}
