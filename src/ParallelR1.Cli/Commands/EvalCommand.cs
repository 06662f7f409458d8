using System.CommandLine;
using ParallelR1.Cli.Output;
using ParallelR1.Evaluation;
using ParallelR1.Generation;
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
    private readonly Option<string> _grader = new("--grader") { Description = "says what is correct", DefaultValueFactory = _ => "semantic", HelpName = string.Join('|', Graders.Names) };
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
        var options = Options(parsed);
        _ = _decoding.Limits(parsed);
        if (EvaluationSuite.Objection(parsed.GetValue(_suites)!) is { } objection)
            throw new UsageException($"--suite: {objection}");
        var suites = parsed.GetValue(_suites)!.Select(name => EvaluationSuite.Load(name, parsed.GetValue(_limit), _map.Read(parsed))).ToList();
        var folder = parsed.GetValue(_output);
        CheckFree(folder);
        using var model = _models.Open(parsed, _prompts.NamedChat(parsed));
        if (model.Language is not { } language)
            throw new UsageException($"{_models.Folder(parsed)}: has no tokenizer.json, which an evaluation needs");
        options = options with { Generation = _decoding.For(model, options.Generation, parsed) };
        if (folder is not null)
            Directory.CreateDirectory(folder);
        var encode = _prompts.ProblemEncoder(parsed, language, WithoutTags);
        var how = $"{_prompts.Describe(parsed, model, WithoutTags)}, {DecodingOptions.Describe(options.Generation)}";
        var name = parsed.GetValue(_grader)!;
        var results = new List<(SuiteResult Result, SecondOpinion Strict)>();
        await MeasureAsync().ConfigureAwait(false);
        var row = SummaryRow.Create(RunName.Of(_models.Folder(parsed)), null, null, name, [(options.Seed, [.. results.Select(r => r.Result)])]);
        if (folder is not null)
            SummaryJson.Write(Path.Combine(folder, SummaryFile), [row]);
        if (parsed.GetValue(_json))
            Console.WriteLine(SummaryJson.ToJson([row]).ToJsonString(IO.JsonLines.Options));
        else
            Print(row, results, name, how);
        return ExitCode.Done;

        async Task MeasureAsync()
        {
            using var observer = ProgressObserver.Create(parsed.GetValue(_quiet));
            observer.Say(how);
            using var engine = model.CreateEngine(_decoding.Limits(parsed));
            observer.Say(engine.Limits.Describe());
            foreach (var suite in suites)
            {
                var strict = new SecondOpinion(Graders.ByName(name), Graders.ByName("strict"));
                var runner = new EvaluationRunner(engine, encode, ids => language.DecodeResponse(ids), strict, model.Tags);
                var file = folder is null ? null : Path.Combine(folder, suites.Count == 1 ? "responses.jsonl" : $"responses-{suite.Name}.jsonl");
                try
                {
                    var fitting = suite.Fitting(encode, model.Decoder.Config.MaxPositions, observer);
                    results.Add((await runner.RunAsync(fitting, options with { ResponsesFile = file }, observer, cancellation).ConfigureAwait(false), strict));
                }
                catch (LogitsException e)
                {
                    throw e.Of(_models.Folder(parsed));
                }
            }
        }
    }

    /// <summary>Hours of another evaluation are not written over.</summary>
    private static void CheckFree(string? folder)
    {
        if (folder is null || !Directory.Exists(folder))
            return;
        if (Directory.EnumerateFiles(folder, SummaryFile).Concat(Directory.EnumerateFiles(folder, "responses*.jsonl")).FirstOrDefault() is { } file)
            throw new UsageException($"{folder}: holds an evaluation already ({Path.GetFileName(file)}); choose another --out, or remove it");
    }

    private EvaluationOptions Options(ParseResult parsed)
    {
        var (samples, limit) = (parsed.GetValue(_samples), parsed.GetValue(_limit));
        if (samples is < 1 or > 100_000)
            throw new UsageException($"--samples {samples}: expected from 1 to 100000");
        if (limit is < 1)
            throw new UsageException($"--limit {limit}: expected at least 1");
        return new EvaluationOptions
        {
            Samples = samples,
            Seed = _decoding.Seed(parsed),
            Generation = _decoding.Read(parsed),
        };
    }

    private static void Print(SummaryRow row, List<(SuiteResult Result, SecondOpinion Strict)> results, string grader, string how)
    {
        Console.WriteLine($"{how}; parallel ratio {Share(row.ParallelRatio)}");
        SummaryTable.Write(AnsiConsole.Console, [row]);
        foreach (var (result, strict) in results)
            Print(row.Suites.First(s => s.Key == result.Name).Value, result, strict, grader);
        Console.WriteLine($"{row.TokensTotal} tokens, {row.TokensCriticalPath} on the critical path (acceleration {row.Acceleration:F2});"
            + $" {row.WallSeconds:F1} s, {row.TokensTotal / row.WallSeconds:F0} tokens/s");
    }

    private static void Print(SuiteSummary suite, SuiteResult result, SecondOpinion strict, string grader)
    {
        Console.WriteLine($"mean@{result.Samples} {Share(suite.MeanAtK)} [{Share(suite.Low)}, {Share(suite.High)}], pass@{result.Samples} {Share(suite.PassAtK)}"
            + $" over {suite.Problems} problems of {result.Name}, grader {grader}");
        if (grader != "strict")
            Console.WriteLine($"strict grader: mean@{result.Samples} {Share((double)strict.Correct / strict.Graded)}; the two disagree on {strict.Disagreements} of {strict.Graded} responses");
        Console.WriteLine($"parallel ratio {Share(result.ParallelRatio)}, well-formed {Share(result.WellFormedRatio)}, {result.Blocks} blocks;"
            + $" no answer {result.NoAnswer}, undecided {result.Undecided}, cut by the budget {result.CutByLength} of {result.Responses}");
        if (result.Figures is { Blocks: > 0 } figures)
            Console.WriteLine($"of the blocks: paths differ in {Share(figures.PathsDiffer!.Value)}, a path by itself is right in {Share(figures.PathOracle!.Value)}"
                + $"{(figures.SummaryTakesRight is { } taken ? $", which the summary takes in {Share(taken)}" : "")}; pairs of paths agree in {Share(figures.PathAgreement!.Value)}");
    }

    private static string Share(double share) => $"{100 * share:F1} %";
}
