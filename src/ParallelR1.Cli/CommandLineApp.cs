using System.CommandLine;
using ParallelR1.Cli.Commands;
using ParallelR1.Generation;
using ParallelR1.Torch;

namespace ParallelR1.Cli;

/// <summary>The command tree and the exit statuses: 0 done, 1 failed or damaged input, 2 wrong usage, 130 interrupted.</summary>
internal static class CommandLineApp
{
    private static readonly Option<int?> s_threads = new("--threads")
    {
        Description = "threads that compute (default: one for each core)",
        Recursive = true,
        HelpName = "N",
    };

    private static readonly Option<string> s_device = new("--device")
    {
        Description = "where to compute: cpu or cuda[:N]",
        DefaultValueFactory = _ => "cpu",
        Recursive = true,
        HelpName = "cpu|cuda[:N]",
    };

    /// <summary>A value that begins with @ is that value, not the name of a file with arguments.</summary>
    public static ParserConfiguration Settings { get; } = new() { ResponseFileTokenReplacer = null };

    public static RootCommand CreateRoot()
    {
        var root = new RootCommand("Parallel-R1: teaches language models to think in parallel, and runs them.")
        {
            s_threads,
            s_device,
            BenchCommand.Create(),
            CheckFormatCommand.Create(),
            CompareCommand.Create(),
            DataCommand.Create(),
            DoctorCommand.Create(),
            EvalCommand.Create(),
            GenerateCommand.Create(),
            GradeCommand.Create(),
            LayoutCommand.Create(),
            ModelCommand.Create(),
            QuickstartCommand.Create(),
            ReportCommand.Create(),
            ReproduceCommand.Create(),
            ScoreCommand.Create(),
            StageCommand.CreateRl(),
            StageCommand.CreateSft(),
            TokenizeCommand.Create(),
        };
        root.Options.OfType<VersionOption>().Single().Action = new VersionAction();
        StrictNumbers.ApplyTo(root);
        return root;
    }

    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = CreateRoot().Parse(args, Settings);
        if (parsed.Errors.Count > 0)
        {
            UsageHelp.Write(parsed, Console.Error);
            return ExitCode.Usage;
        }

        if (UsageHelp.Swallowed(parsed, args) is { } swallowed)
        {
            await Console.Error.WriteLineAsync(swallowed).ConfigureAwait(false);
            return ExitCode.Usage;
        }

        try
        {
            CheckProcessorLimit();
            ApplyThreads(parsed);
            ApplyDevice(parsed);
            using var interruption = new Interruption();
            var settings = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(settings, interruption.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            return await ReportAsync(e).ConfigureAwait(false);
        }
    }

    private static void CheckProcessorLimit()
    {
        try
        {
            _ = ProcessorLimit.Requested;
        }
        catch (TorchException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private static void ApplyThreads(ParseResult parsed)
    {
        if (parsed.GetValue(s_threads) is not { } threads)
            return;
        if (threads is < 1 or > 1024)
            throw new UsageException($"--threads {threads}: between 1 and 1024 are possible");
        ThreadSettings.Request(threads);
    }

    private static void ApplyDevice(ParseResult parsed)
    {
        if (parsed.GetValue(s_device) is not { } device || device == "cpu")
            return;
        ComputeDevice.Default = ComputeDevice.Parse(device);
        Console.Error.WriteLine($"warning: {device} is untested: this program has been run on processors only; compare its results with those of --device cpu");
    }

    private static async Task<int> ReportAsync(Exception e)
    {
        if (e is OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("interrupted").ConfigureAwait(false);
            return ExitCode.Interrupted;
        }

        if (Environment.GetEnvironmentVariable("PARALLELR1_DEBUG") == "1")
            await Console.Error.WriteLineAsync(e.ToString()).ConfigureAwait(false);
        await Console.Error.WriteLineAsync($"error: {OneLine(e.Message)}").ConfigureAwait(false);
        return e is UsageException or FileNotFoundException or DirectoryNotFoundException ? ExitCode.Usage : ExitCode.Failed;
    }

    /// <summary>Scripts read the last line: what a file holds must not break it.</summary>
    private static string OneLine(string message) =>
        string.Join(' ', message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}

/// <summary>What the process ends with.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int Interrupted = 130;
}
