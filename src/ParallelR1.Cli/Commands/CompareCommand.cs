using System.CommandLine;
using ParallelR1.Cli.Output;
using ParallelR1.Evaluation;
using ParallelR1.Evaluation.Arms;
using ParallelR1.Generation;
using ParallelR1.Grading;
using ParallelR1.IO;
using ParallelR1.Models;
using ParallelR1.Runs.Reports;
using ParallelR1.Thinking;
using ParallelR1.Torch;

namespace ParallelR1.Cli.Commands;

/// <summary><c>compare</c>: the registered comparison of thinking in parallel with a control.</summary>
internal sealed class CompareCommand
{
    private readonly Option<string[]> _parallel = Folders("--parallel", "models that think in parallel, one a training seed", required: true);
    private readonly Option<string[]> _control = Folders("--control", "their control without blocks: as many, seeds in the same order", required: true);
    private readonly Option<string[]> _controlByTokens = Folders("--control-by-tokens", "a second control, trained on as many sampled tokens; the better one counts");
    private readonly Option<string[]> _parallelStart = Folders("--sft", "cold starts of the parallel models");
    private readonly Option<string[]> _controlStart = Folders("--sft-sequential", "cold starts of the control");
    private readonly Option<string?> _base = new("--base") { Description = "the model that everything started from", HelpName = "DIR" };
    private readonly Option<string> _suite = new("--suite") { Description = "a known set or a JSONL or Parquet file", Required = true, HelpName = "NAME_OR_FILE" };
    private readonly Option<int?> _limit = new("--limit") { Description = "only the first problems", HelpName = "N" };
    private readonly Option<int> _samples = new("--samples") { Description = "responses to every problem", DefaultValueFactory = _ => 8, HelpName = "K" };
    private readonly Option<int?> _curveSamples = new("--curve-samples") { Description = "the same at the caps of the curve other than --cap (default: --samples)", HelpName = "K" };
    private readonly Option<int> _cap = new("--cap") { Description = "tokens on the critical path at which the claims are judged", Required = true, HelpName = "N" };
    private readonly Option<string?> _caps = new("--caps") { Description = "caps of the curve, with commas between (default: six from half of --cap to five thirds); it continues until the control gains less than a point", HelpName = "N,N,…" };
    private readonly BlockOptions _blocks = new(ArmComparisonOptions.DefaultBlocks, ArmComparisonOptions.LeastPaths, ArmComparisonOptions.LeastBlocks);
    private readonly Option<int> _timed = new("--timed-problems") { Description = "problems whose answers are timed; 0: none", DefaultValueFactory = _ => 100, HelpName = "N" };
    private readonly Option<int> _rounds = new("--rounds") { Description = "rounds of timing", DefaultValueFactory = _ => 5, HelpName = "N" };
    private readonly Option<string> _grader = new("--grader") { Description = "says what is correct", DefaultValueFactory = _ => "strict", HelpName = string.Join('|', Graders.Names) };
    private readonly Option<string?> _template = new("--prompt-template") { Description = "what is put around a problem (default: what each model was trained with)", HelpName = "NAME_OR_FILE" };
    private readonly Option<long> _seed = new("--seed") { Description = "keys the draws of the first models, the next seed those of the second ones", DefaultValueFactory = _ => 1, HelpName = "N" };
    private readonly Option<string?> _type = ModelOptions.CreateType("auto");
    private readonly EngineLimitOptions _limits = new();
    private readonly Option<string> _output = new("--out") { Description = "folder for comparison.json, comparison.md, curve.svg and every evaluation; an interrupted run in it is resumed", Required = true, HelpName = "DIR" };
    private readonly Option<bool> _json = new("--json") { Description = "print the comparison as one JSON object" };
    private readonly Option<bool> _quiet = new("--quiet") { Description = "no progress" };

    private CompareCommand() => _grader.AcceptOnlyFromAmong([.. Graders.Names]);

    public static Command Create()
    {
        var compare = new CompareCommand();
        var command = new Command(
            "compare",
            "Compares models that think in parallel with their control under one cap on the critical path: accuracy, what the cap alone decides, equal tokens, seconds, and what else the weights do.\n"
            + "Example: parallel-r1 compare --parallel runs/s2-1/model runs/s2-2/model --control runs/c-1/model runs/c-2/model --base assets/mini-base --suite synthetic-hard-validation --limit 150 --samples 4 --cap 192 --out runs/compared")
        {
            compare._parallel, compare._control, compare._controlByTokens, compare._parallelStart, compare._controlStart, compare._base, compare._suite, compare._limit, compare._samples,
            compare._curveSamples, compare._cap, compare._caps,
        };
        compare._blocks.AddTo(command);
        foreach (var option in new Option[]
        {
            compare._timed, compare._rounds, compare._grader, compare._template, compare._seed, compare._type, compare._limits.CacheBytes, compare._limits.MaxSequences, compare._output, compare._json, compare._quiet,
        })
        {
            command.Add(option);
        }

        command.SetAction(compare.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var output = parsed.GetValue(_output)!;
        if (File.Exists(output))
            throw new UsageException($"{output}: is a file; --out must name a folder");
        var folders = Models(parsed);
        ArmReport? last = null;
        using (var observer = ProgressObserver.Create(parsed.GetValue(_quiet)))
        {
            var comparison = new ArmComparison(folders, Read(parsed, output, observer), output, observer);
            await foreach (var report in comparison.RunAsync(cancellation).ConfigureAwait(false))
            {
                Write(output, report);
                last = report;
            }
        }

        Console.WriteLine(parsed.GetValue(_json) ? ArmReportJson.ToJson(last!).ToJsonString(JsonLines.Options) : ArmReportMarkdown.Of(last!));
        return ExitCode.Done;
    }

    private ArmFolders Models(ParseResult parsed)
    {
        var folders = new ArmFolders
        {
            Parallel = parsed.GetValue(_parallel) ?? [],
            Control = parsed.GetValue(_control) ?? [],
            ControlByTokens = parsed.GetValue(_controlByTokens) ?? [],
            ParallelStart = parsed.GetValue(_parallelStart) ?? [],
            ControlStart = parsed.GetValue(_controlStart) ?? [],
            Base = parsed.GetValue(_base),
        };
        // A folder that is missing is said before anything is measured.
        foreach (var folder in folders.All)
            _ = ModelConfig.Load(folder);
        return folders;
    }

    private ArmComparisonOptions Read(ParseResult parsed, string output, IRunObserver observer)
    {
        if (parsed.GetValue(_limit) is < 1 and var limit)
            throw new UsageException($"--limit {limit}: expected at least 1");
        var suite = EvaluationSuite.Load(parsed.GetValue(_suite)!, parsed.GetValue(_limit)) with { Samples = EngineLimitOptions.Within<EvaluationSuite, int>(_samples, parsed.GetValue(_samples), nameof(EvaluationSuite.Samples)) };
        return new ArmComparisonOptions
        {
            Suite = suite,
            Cap = Within(parsed, _cap, nameof(ArmComparisonOptions.Cap)),
            Caps = Caps(parsed.GetValue(_caps)),
            CurveSamples = parsed.GetValue(_curveSamples) is { } samples ? EngineLimitOptions.Within<ArmComparisonOptions, int>(_curveSamples, samples, nameof(ArmComparisonOptions.CurveSamples)) : null,
            Blocks = _blocks.Read(parsed),
            TimedProblems = Within(parsed, _timed, nameof(ArmComparisonOptions.TimedProblems)),
            Rounds = Within(parsed, _rounds, nameof(ArmComparisonOptions.Rounds)),
            Seed = parsed.GetValue(_seed),
            Grader = parsed.GetValue(_grader)!,
            Template = parsed.GetValue(_template) is { } template ? ProblemTemplate.Load(template) : null,
            Limits = _limits.Read(parsed),
            Type = Type(parsed, output, observer),
            Command = $"parallel-r1 {string.Join(' ', parsed.Tokens.Select(t => t.Value))}",
        };
    }

    /// <summary>The type that was asked for; with <c>auto</c> that of the evaluations that are there, since measured again it could come out otherwise.</summary>
    private ScalarType Type(ParseResult parsed, string output, IRunObserver observer)
    {
        var given = parsed.GetValue(_type) is "bf16" or "f32" ? parsed.GetValue(_type) : ArmComparison.StoredType(output);
        if (given is not null)
            return given == "bf16" ? ScalarType.BFloat16 : ScalarType.Float32;
        observer.Say($"dtype auto: {ComputeDevice.Dtype.AutoName}, {ComputeDevice.Dtype.Reason}");
        return ComputeDevice.Dtype.Auto;
    }

    private static int[] Caps(string? text) => text is null ? [] : [.. text.Split(',').Select(part =>
        int.TryParse(part, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var cap)
            ? cap
            : throw new UsageException($"--caps {text}: '{part}' is no number of tokens; write caps as in 96,128,192"))];

    private static void Write(string output, ArmReport report)
    {
        ArmReportJson.Write(Path.Combine(output, "comparison.json"), report);
        AtomicFile.WriteText(Path.Combine(output, "comparison.md"), ArmReportMarkdown.Of(report));
        CurvePicture.Write(Path.Combine(output, "curve.svg"), report);
    }

    private static int Within(ParseResult parsed, Option<int> option, string property) =>
        EngineLimitOptions.Within<ArmComparisonOptions, int>(option, parsed.GetValue(option), property);

    private static Option<string[]> Folders(string name, string description, bool required = false) =>
        new(name) { Description = description, Required = required, AllowMultipleArgumentsPerToken = true, HelpName = "DIR…" };
}
