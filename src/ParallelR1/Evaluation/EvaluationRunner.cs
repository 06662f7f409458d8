using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using ParallelR1.Data;
using ParallelR1.Generation;
using ParallelR1.Grading;
using ParallelR1.Thinking;

namespace ParallelR1.Evaluation;

/// <summary>Lets a model answer the problems of a suite and counts what comes out.</summary>
/// <param name="generator">The engine.</param>
/// <param name="encode">A problem's prompt as token ids.</param>
/// <param name="decode">Token ids of a response as text, tags included, end-of-text left out.</param>
/// <param name="grader">Says what is correct.</param>
/// <param name="tags">The six tags; null for a model without them.</param>
public sealed class EvaluationRunner(
    IGenerator generator,
    Func<Problem, int[]> encode,
    Func<int[], string> decode,
    IAnswerGrader grader,
    TagIds? tags)
{
    /// <summary>
    /// Evaluates a suite. The draws of a response depend on the seed, the problem's text and the sample alone: neither the suite's name nor
    /// the problems beside it change them. A text that a suite holds twice is drawn anew the second time.
    /// </summary>
    /// <exception cref="OperationCanceledException">Interrupted; nothing is written.</exception>
    public async Task<SuiteResult> RunAsync(
        EvaluationSuite suite, EvaluationOptions options, IRunObserver observer, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(suite);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(observer);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Samples, 1);
        var clock = TimeProvider.System.GetTimestamp();
        var tally = new SuiteTally(suite, options.Samples);
        using var writer = options.ResponsesFile is { } file ? new OrderedResponses(file) : null;

        observer.Report(new RunProgress($"evaluating {suite.Name}", 0, tally.Expected));
        await foreach (var (index, result) in Generate(suite, options, cancellation).ConfigureAwait(false))
        {
            var problem = index / options.Samples;
            var response = Judge(suite.Problems[problem], result);
            tally.Add(problem, response);
            writer?.Add(index, Line(suite.Problems[problem], index % options.Samples, response));
            observer.Report(new RunProgress($"evaluating {suite.Name}", tally.Responses, tally.Expected, tally.Describe()));
        }

        if (tally.Responses != tally.Expected)
            throw new InvalidOperationException($"the engine returned {tally.Responses} of {tally.Expected} responses of {suite.Name}");
        writer?.Commit();
        return tally.Result(TimeProvider.System.GetElapsedTime(clock).TotalSeconds);
    }

    private async IAsyncEnumerable<(int Index, GenerationResult Result)> Generate(
        EvaluationSuite suite, EvaluationOptions options, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var results = generator.GenerateAsync(Requests(suite, options), options.Generation, cancellation).GetAsyncEnumerator(cancellation);
        await using (results.ConfigureAwait(false))
        {
            while (await NextAsync().ConfigureAwait(false))
                yield return results.Current;
        }

        async ValueTask<bool> NextAsync()
        {
            try
            {
                return await results.MoveNextAsync().ConfigureAwait(false);
            }
            catch (LogitsException e)
            {
                throw e.Named($"{suite.Name}, problem {suite.Problems[e.Request / options.Samples].Id}, sample {e.Request % options.Samples}");
            }
        }
    }

    private List<GenerationRequest> Requests(EvaluationSuite suite, EvaluationOptions options)
    {
        var root = RandomKey.FromSeed(options.Seed).Fold("evaluation");
        var requests = new List<GenerationRequest>(suite.Problems.Count * options.Samples);
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var problem in suite.Problems)
        {
            var prompt = encode(problem);
            var before = seen[problem.Text] = seen.GetValueOrDefault(problem.Text, -1) + 1;
            var key = root.Fold(problem.Text).Fold(before);
            for (var s = 0; s < options.Samples; s++)
                requests.Add(new GenerationRequest(prompt, key.Fold(s)));
        }

        return requests;
    }

    private JudgedResponse Judge(Problem problem, GenerationResult result)
    {
        var text = decode(result.Ids);
        var layout = tags is null
            ? TraceLayout.Causal(result.Ids.Length, 0)
            : TraceLayout.Read(result.Ids, 0, tags);
        return new JudgedResponse(
            text,
            grader.Grade(text, problem.Answer),
            layout.Blocks.Count,
            layout.Blocks.Count > 0 && FormatValidator.Check(text).IsValid,
            result.Ids.Length,
            layout.CriticalPathLength,
            [.. layout.Blocks.Select(layout.RelativeStart)],
            BlockFigures.Of(result.Ids, layout, decode, problem.Answer),
            result.Finish);
    }

    private static JsonObject Line(Problem problem, int sample, JudgedResponse response) => new()
    {
        ["id"] = problem.Id,
        ["sample"] = sample,
        ["problem"] = problem.Text,
        ["answer"] = problem.Answer,
        ["response"] = response.Text,
        ["verdict"] = response.VerdictText,
        ["extracted"] = response.Grade.Extracted,
        ["blocks"] = response.Blocks,
        ["well_formed"] = response.WellFormed,
        ["tokens"] = response.Tokens,
        ["tokens_critical_path"] = response.CriticalPath,
        ["finish"] = response.Finish == FinishReason.Eos ? "eos" : "length",
    };
}

/// <summary>How a suite is evaluated.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Responses to every problem: k.</summary>
    [Bounds(1, 100_000)]
    public int Samples { get; init => field = Options.Checked(this, value); } = 1;

    /// <summary>How responses are decoded.</summary>
    public GenerationOptions Generation { get; init; } = new();

    /// <summary>The key of every draw.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Where every response is written as JSON Lines, in the order of problems and samples; null: nowhere.</summary>
    public string? ResponsesFile { get; init; }
}
