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
    private readonly ModelOptions _models = new();
    private readonly DecodingOptions _decoding = new();
    private readonly PromptOptions _prompts = new();
    private readonly Option<string> _suite = new("--suite") { Description = "a known set (gsm8k, math, aime24, aime25, amc23, math-316, …) or a JSONL or Parquet file", Required = true, HelpName = "NAME_OR_FILE" };
    private readonly MapOption _map = new();
    private readonly Option<int> _samples = new("--samples") { Description = "responses to every problem: the k of mean@k and pass@k", DefaultValueFactory = _ => 1, HelpName = "K" };
    private readonly Option<int?> _limit = new("--limit") { Description = "only the first problems", HelpName = "N" };
    private readonly Option<string> _grader = new("--grader") { Description = "says what is correct", DefaultValueFactory = _ => "semantic", HelpName = string.Join('|', Graders.Names) };
    private readonly Option<string?> _output = new("--out") { Description = "folder for summary.json and responses.jsonl", HelpName = "DIR" };
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
            eval._suite, eval._map.Option, eval._samples, eval._limit, eval._grader, eval._output, eval._json, eval._quiet,
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
        var suite = EvaluationSuite.Load(parsed.GetValue(_suite)!, parsed.GetValue(_limit), _map.Read(parsed));
        using var model = _models.Open(parsed, _prompts.NamedChat(parsed));
        if (model.Language is not { } language)
            throw new UsageException($"{_models.Folder(parsed)}: has no tokenizer.json, which an evaluation needs");
        options = options with { Generation = _decoding.For(model, options.Generation, parsed) };
        if (parsed.GetValue(_output) is { } folder)
            Directory.CreateDirectory(folder);
        var encode = _prompts.Encoder(parsed, model, withoutTags: "baseline");
        var name = parsed.GetValue(_grader)!;
        var strict = new SecondOpinion(Graders.ByName(name), Graders.ByName("strict"));
        var result = await MeasureAsync().ConfigureAwait(false);
        var row = SummaryRow.Create(RowName(parsed), null, null, name, [(options.Seed, [result])]);
        if (parsed.GetValue(_output) is { } written)
            SummaryJson.Write(Path.Combine(written, "summary.json"), [row]);
        if (parsed.GetValue(_json))
            Console.WriteLine(SummaryJson.ToJson([row]).ToJsonString(IO.JsonLines.Options));
        else
            Print(row, result, strict, name);
        return ExitCode.Done;

        async Task<SuiteResult> MeasureAsync()
        {
            using var observer = ProgressObserver.Create(parsed.GetValue(_quiet));
            var runner = new EvaluationRunner(model.CreateEngine(), problem => encode(problem.Text), ids => language.DecodeResponse(ids), strict, model.Tags);
            try
            {
                return await runner.RunAsync(suite.Fitting(problem => encode(problem.Text), model.Decoder.Config.MaxPositions, observer), options, observer, cancellation).ConfigureAwait(false);
            }
            catch (LogitsException e)
            {
                throw e.Of(_models.Folder(parsed));
            }
        }
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
            ResponsesFile = parsed.GetValue(_output) is { } folder ? Path.Combine(folder, "responses.jsonl") : null,
        };
    }

    private string RowName(ParseResult parsed) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(_models.Folder(parsed))));

    private static void Print(SummaryRow row, SuiteResult result, SecondOpinion strict, string grader)
    {
        SummaryTable.Write(AnsiConsole.Console, [row]);
        var suite = row.Suites[0].Value;
        Console.WriteLine($"mean@{result.Samples} {Share(suite.MeanAtK)} [{Share(suite.Low)}, {Share(suite.High)}], pass@{result.Samples} {Share(suite.PassAtK)}"
            + $" over {suite.Problems} problems of {result.Name}, grader {grader}");
        if (grader != "strict")
            Console.WriteLine($"strict grader: mean@{result.Samples} {Share((double)strict.Correct / strict.Graded)}; the two disagree on {strict.Disagreements} of {strict.Graded} responses");
        Console.WriteLine($"parallel ratio {Share(row.ParallelRatio)}, well-formed {Share(row.WellFormedRatio)}, {result.Blocks} blocks;"
            + $" no answer {result.NoAnswer}, undecided {result.Undecided}, cut by the budget {result.CutByLength} of {result.Responses}");
        Console.WriteLine($"{row.TokensTotal} tokens, {row.TokensCriticalPath} on the critical path (acceleration {row.Acceleration:F2});"
            + $" {row.WallSeconds:F1} s, {row.TokensTotal / row.WallSeconds:F0} tokens/s");
    }

    private static string Share(double share) => $"{100 * share:F1} %";
}
