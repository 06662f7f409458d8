using System.CommandLine;
using ParallelR1.Cli.Output;
using ParallelR1.Evaluation;
using ParallelR1.Grading;
using Spectre.Console;

namespace ParallelR1.Cli.Commands;

/// <summary><c>eval</c>: measures a model on a suite.</summary>
internal sealed class EvalCommand
{
    private const string SummaryFile = "summary.json";
    private const string WithoutTags = "baseline";

    private readonly ModelOptions _models = new();
    private readonly DecodingOptions _decoding = new();
    private readonly PromptOptions _prompts = new();
    private readonly Option<string[]> _suites = new("--suite") { Description = "a known set (gsm8k, math, aime24, aime25, amc23, math-316, …) or a JSONL or Parquet file; several are possible", Required = true, HelpName = "NAME_OR_FILE" };
    private readonly MapOption _map = new();
    private readonly Option<int> _samples = new("--samples") { Description = "responses to every problem: the k of mean@k and pass@k", DefaultValueFactory = _ => 1, HelpName = "K" };
    private readonly Option<int?> _limit = new("--limit") { Description = "only the first problems", HelpName = "N" };
    private readonly Option<string> _grader = new("--grader") { Description = "says what is correct", DefaultValueFactory = _ => EvaluationOptions.DefaultGrader, HelpName = string.Join('|', Graders.Names) };
    private readonly Option<string?> _output = new("--out") { Description = "folder for summary.json and responses.jsonl (responses-SUITE.jsonl of several suites); one that holds an evaluation is left alone", HelpName = "DIR" };
    private readonly Option<bool> _json = new("--json") { Description = "print the summary as JSON" };
    private readonly Option<bool> _quiet = new("--quiet") { Description = "no progress" };

    private EvalCommand() => _grader.AcceptOnlyFromAmong([.. Graders.Names]);

    public static Command Create()
    {
        var eval = new EvalCommand();
        var command = new Command(
            "eval",
            "Measures a model on problems: mean@k with its 95 % interval, pass@k, share of responses with blocks, tokens, acceleration.\n"
            + "Example: parallel-r1 eval --model assets/mini-base --suite synthetic-hard-test --limit 32 --out runs/eval")
        {
            eval._suites, eval._map.Option, eval._samples, eval._limit, eval._grader, eval._output, eval._json, eval._quiet,
        };
        eval._models.AddTo(command);
        eval._decoding.AddTo(command);
        eval._prompts.AddTo(command, raw: false);
        command.SetAction(eval.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var (decoding, limits) = (_decoding.Read(parsed), _decoding.Limits(parsed));
        var suites = Suites(parsed);
        var folder = parsed.GetValue(_output);
        CheckFree(folder);
        using var model = _models.Open(parsed, _prompts.NamedChat(parsed));
        if (model.Language is not { } language)
            throw new UsageException($"{_models.Folder(parsed)}: has no tokenizer.json, which an evaluation needs");
        var options = new EvaluationOptions
        {
            Generation = _decoding.For(model, decoding, parsed),
            Seed = _decoding.Seed(parsed),
            Grader = parsed.GetValue(_grader)!,
            SecondGrader = "strict",
            Template = _prompts.Template(parsed, model, WithoutTags),
            Tags = model.Tags,
        };
        if (folder is not null)
            Directory.CreateDirectory(folder);
        var how = $"{_prompts.Describe(parsed, model, WithoutTags)}, {DecodingOptions.Describe(options.Generation)}";
        var results = new List<SuiteResult>();
        using (var observer = ProgressObserver.Create(parsed.GetValue(_quiet)))
        {
            observer.Say(how);
            observer.Say(limits.Describe());
            var evaluator = new Evaluator(language, suites, options, observer, () => model.CreateEngine(limits));
            await foreach (var result in evaluator.RunAsync(suite => ResponsesFile(folder, suite, suites.Count), cancellation).ConfigureAwait(false))
                results.Add(result);
        }

        var row = SummaryRow.Create(RunName.Of(_models.Folder(parsed)), null, null, options.Grader, [(options.Seed, results)]);
        if (folder is not null)
            SummaryJson.Write(Path.Combine(folder, SummaryFile), [row]);
        if (parsed.GetValue(_json))
            Console.WriteLine(SummaryJson.ToJson([row]).ToJsonString(IO.JsonLines.Options));
        else
            Print(row, results, options.Grader, how);
        return ExitCode.Done;
    }

    private List<EvaluationSuite> Suites(ParseResult parsed)
    {
        var (samples, limit) = (parsed.GetValue(_samples), parsed.GetValue(_limit));
        var bounds = BoundsAttribute.Of(typeof(EvaluationSuite), nameof(EvaluationSuite.Samples));
        if (!bounds.Allows(samples))
            throw new UsageException($"--samples {samples}: must be {bounds.Describe()}");
        if (limit is < 1)
            throw new UsageException($"--limit {limit}: expected at least 1");
        if (EvaluationSuite.Objection(parsed.GetValue(_suites)!) is { } objection)
            throw new UsageException($"--suite: {objection}");
        return [.. parsed.GetValue(_suites)!.Select(name => EvaluationSuite.Load(name, limit, _map.Read(parsed)) with { Samples = samples })];
    }

    private static string? ResponsesFile(string? folder, EvaluationSuite suite, int suites) =>
        folder is null ? null : Path.Combine(folder, suites == 1 ? "responses.jsonl" : $"responses-{suite.Name}.jsonl");

    /// <summary>Hours of another evaluation are not written over.</summary>
    private static void CheckFree(string? folder)
    {
        if (folder is null || !Directory.Exists(folder))
            return;
        if (Directory.EnumerateFiles(folder, SummaryFile).Concat(Directory.EnumerateFiles(folder, "responses*.jsonl")).FirstOrDefault() is { } file)
            throw new UsageException($"{folder}: holds an evaluation already ({Path.GetFileName(file)}); choose another --out, or remove it");
    }

    private static void Print(SummaryRow row, List<SuiteResult> results, string grader, string how)
    {
        Console.WriteLine($"{how}; parallel ratio {Share(row.ParallelRatio)}");
        SummaryTable.Write(AnsiConsole.Console, [row]);
        foreach (var result in results)
            Print(row.Suites.First(s => s.Key == result.Name).Value, result, grader);
        Console.WriteLine($"{row.TokensTotal} tokens, {row.TokensCriticalPath} on the critical path (acceleration {row.Acceleration:F2});"
            + $" {row.WallSeconds:F1} s, {row.TokensTotal / row.WallSeconds:F0} tokens/s");
    }

    private static void Print(SuiteSummary suite, SuiteResult result, string grader)
    {
        Console.WriteLine($"mean@{result.Samples} {Share(suite.MeanAtK)} [{Share(suite.Low)}, {Share(suite.High)}], pass@{result.Samples} {Share(suite.PassAtK)}"
            + $" over {suite.Problems} problems of {result.Name}, grader {grader}");
        if (grader != "strict")
            Console.WriteLine($"strict grader: mean@{result.Samples} {Share((double)result.SecondCorrect!.Value / result.Responses)}; the two disagree on {result.Disagreements} of {result.Responses} responses");
        Console.WriteLine($"parallel ratio {Share(result.ParallelRatio)}, well-formed {Share(result.WellFormedRatio)}, {result.Blocks} blocks;"
            + $" no answer {result.NoAnswer}, undecided {result.Undecided}, cut by the budget {result.CutByLength} of {result.Responses}");
        if (result.Figures is { Blocks: > 0 } figures)
            Console.WriteLine($"of the blocks: paths differ in {Share(figures.PathsDiffer!.Value)}, a path by itself is right in {Share(figures.PathOracle!.Value)}"
                + $"{(figures.SummaryTakesRight is { } taken ? $", which the summary takes in {Share(taken)}" : "")}; pairs of paths agree in {Share(figures.PathAgreement!.Value)}");
    }

    private static string Share(double share) => $"{100 * share:F1} %";
}
