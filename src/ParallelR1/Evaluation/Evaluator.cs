using System.Runtime.CompilerServices;
using ParallelR1.Data;
using ParallelR1.Generation;
using ParallelR1.Grading;
using ParallelR1.Thinking;

namespace ParallelR1.Evaluation;

/// <summary>
/// Generates a model's responses to the problems of suites and grades them. Used by <c>eval</c>, the evaluations of recipes and
/// <c>quickstart</c>.
/// </summary>
/// <remarks>
/// The random draws of a response depend only on the seed, the problem's text and the sample index: neither the suite's name nor the other problems
/// change them. If a suite holds the same text twice, the second one gets different draws.
/// </remarks>
public sealed class Evaluator
{
    private readonly string _model;
    private readonly Func<int[], string> _decode;
    private readonly Func<IGenerator> _generator;
    private readonly TagIds? _tags;
    private readonly EvaluationOptions _options;
    private readonly IRunObserver _observer;
    private readonly IAnswerGrader _grader;
    private readonly IAnswerGrader? _second;
    private readonly List<(EvaluationSuite Suite, int[][] Prompts)> _suites = [];

    /// <summary>Initializes the evaluator: encodes the prompts of the suites and drops problems that do not fit into the model's context.</summary>
    /// <param name="model">The model; it may be trained further between evaluations.</param>
    /// <param name="suites">The suites to evaluate on.</param>
    /// <param name="options">Evaluation options.</param>
    /// <param name="observer">Observes the run and is notified of dropped problems; null for none.</param>
    /// <param name="generator">Creates a new generator for each suite, disposed afterwards if it is disposable; null for an engine in this process.</param>
    /// <exception cref="UsageException">Two suites have the same name, or the grader does not exist.</exception>
    /// <exception cref="InputException">No prompt of a suite fits.</exception>
    public Evaluator(LanguageModel model, IReadOnlyList<EvaluationSuite> suites, EvaluationOptions options, IRunObserver? observer = null, Func<IGenerator>? generator = null)
        : this(
            (model ?? throw new ArgumentNullException(nameof(model))).Name,
            EncoderOf(model, options ?? throw new ArgumentNullException(nameof(options))),
            ids => model.DecodeResponse(ids),
            generator ?? (() => model.CreateEngine(options.Limits)),
            options.Tags ?? model.Tags,
            model.Decoder.Config.MaxPositions,
            suites,
            options,
            observer)
    {
    }

    internal Evaluator(
        string model, Func<Problem, int[]> encode, Func<int[], string> decode, Func<IGenerator> generator, TagIds? tags, int context,
        IReadOnlyList<EvaluationSuite> suites, EvaluationOptions options, IRunObserver? observer)
    {
        ArgumentNullException.ThrowIfNull(suites);
        if (EvaluationSuite.Objection([.. suites.Select(s => s.Name)]) is { } objection)
            throw new UsageException(objection);
        (_model, _decode, _generator, _tags, _options, _observer) = (model, decode, generator, tags, options, observer ?? QuietObserver.Instance);
        (_grader, _second) = (Graders.ByName(options.Grader), options.SecondGrader is { } second ? Graders.ByName(second) : null);
        foreach (var suite in suites)
            _suites.Add(suite.Fitting(encode, context, _observer));
    }

    /// <summary>Gets the suites that are evaluated, without the dropped problems.</summary>
    public IReadOnlyList<EvaluationSuite> Suites => [.. _suites.Select(s => s.Suite)];

    /// <summary>Evaluates the suites one after the other.</summary>
    /// <param name="responses">The file for a suite's responses, see <see cref="RunSuiteAsync"/>; null: they are not kept.</param>
    /// <param name="cancellation">Stops between two steps of the engine.</param>
    public async IAsyncEnumerable<SuiteResult> RunAsync(Func<EvaluationSuite, string?>? responses = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        for (var i = 0; i < _suites.Count; i++)
            yield return await RunSuiteAsync(i, responses?.Invoke(_suites[i].Suite), cancellation).ConfigureAwait(false);
    }

    /// <summary>Evaluates one suite.</summary>
    /// <param name="index">Its index in <see cref="Suites"/>.</param>
    /// <param name="responsesFile">Takes each response as a JSON line, in the order of problems and samples; its folder is made. Null: they are not kept.</param>
    /// <param name="cancellation">Stops between two steps of the engine.</param>
    /// <exception cref="LogitsException">The model's output is not a number; the message names model, problem and sample.</exception>
    /// <exception cref="OperationCanceledException">Interrupted; nothing is written.</exception>
    public async Task<SuiteResult> RunSuiteAsync(int index, string? responsesFile = null, CancellationToken cancellation = default)
    {
        var (suite, prompts) = _suites[index];
        var clock = TimeProvider.System.GetTimestamp();
        var tally = new SuiteTally(suite, _second is not null);
        using var writer = responsesFile is null ? null : OrderedResponses.Create(responsesFile);

        _observer.Report(new RunProgress($"evaluating {suite.Name}", 0, tally.Expected));
        await foreach (var (i, result) in Generate(suite, prompts, cancellation).ConfigureAwait(false))
        {
            var problem = i / suite.Samples;
            var response = Judge(suite.Problems[problem], result);
            tally.Add(problem, response);
            writer?.Add(i, response.ToJson(suite.Problems[problem], i % suite.Samples));
            _observer.Report(new RunProgress($"evaluating {suite.Name}", tally.Responses, tally.Expected, tally.Describe()));
        }

        if (tally.Responses != tally.Expected)
            throw new InvalidOperationException($"the engine returned {tally.Responses} of {tally.Expected} responses of {suite.Name}");
        writer?.Commit();
        return tally.Result(TimeProvider.System.GetElapsedTime(clock).TotalSeconds);
    }

    /// <summary>Keys the draws of a problem's responses; each sample folds in its number.</summary>
    /// <param name="seed">The evaluation's seed.</param>
    /// <param name="text">The problem's text.</param>
    /// <param name="before">How often the suite held that text before.</param>
    internal static RandomKey KeyOf(long seed, string text, int before) => RandomKey.FromSeed(seed).Fold("evaluation").Fold(text).Fold(before);

    internal static Func<Problem, int[]> EncoderOf(LanguageModel model, EvaluationOptions options)
    {
        var template = options.Template ?? model.ProblemTemplate ?? ProblemTemplate.Load((options.Tags ?? model.Tags) is null ? "baseline" : "parallel-thinking");
        return problem => model.Encode(template, problem);
    }

    private async IAsyncEnumerable<(int Index, GenerationResult Result)> Generate(
        EvaluationSuite suite, int[][] prompts, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var decoding = _options.Generation with { Parallel = _options.Generation.Parallel && _tags is not null };
        var generator = _generator();
        using var owner = generator as IDisposable;
        var results = generator.GenerateAsync(Requests(suite, prompts), decoding, cancellation).GetAsyncEnumerator(cancellation);
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
                throw e.Named($"{suite.Name}, problem {suite.Problems[e.Request / suite.Samples].Id}, sample {e.Request % suite.Samples}").Of(_model);
            }
        }
    }

    private List<GenerationRequest> Requests(EvaluationSuite suite, int[][] prompts)
    {
        var requests = new List<GenerationRequest>(prompts.Length * suite.Samples);
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (problem, prompt) in suite.Problems.Zip(prompts))
        {
            var before = seen[problem.Text] = seen.GetValueOrDefault(problem.Text, -1) + 1;
            var key = KeyOf(_options.Seed, problem.Text, before);
            for (var s = 0; s < suite.Samples; s++)
                requests.Add(new GenerationRequest(prompt, key.Fold(s)));
        }

        return requests;
    }

    private JudgedResponse Judge(Problem problem, GenerationResult result)
    {
        var text = _decode(result.Ids);
        var layout = _tags is null
            ? TraceLayout.Causal(result.Ids.Length, 0)
            : TraceLayout.Read(result.Ids, 0, _tags);
        return new JudgedResponse(
            text,
            _grader.Grade(text, problem.Answer),
            _second?.Grade(text, problem.Answer),
            layout.Blocks.Count,
            layout.Blocks.Count > 0 && FormatValidator.Check(text).IsValid,
            result.Ids.Length,
            layout.CriticalPathLength,
            [.. layout.Blocks.Select(layout.RelativeStart)],
            BlockFigures.Of(result.Ids, layout, _decode, problem.Answer),
            result.Finish);
    }
}

/// <summary>How suites are evaluated.</summary>
public sealed record EvaluationOptions
{
    /// <summary>The grader where none is named.</summary>
    public const string DefaultGrader = "semantic";

    /// <summary>How responses are decoded; a model without tags decodes plainly.</summary>
    public GenerationOptions Generation { get; init; } = new();

    /// <summary>How much an engine in this process decodes at once; null: its default.</summary>
    public EngineLimits? Limits { get; init; }

    /// <summary>The key of every draw.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Name of the grader that says what is correct (<see cref="Graders.Names"/>).</summary>
    public string Grader { get; init; } = DefaultGrader;

    /// <summary>Name of a grader that is asked too and counted beside; null: none.</summary>
    public string? SecondGrader { get; init; }

    /// <summary>What is put around a problem; null: what the model was trained with, else the default for models with or without the tags.</summary>
    public ProblemTemplate? Template { get; init; }

    /// <summary>The ids of the six tags; null: those of the model's tokenizer.</summary>
    public TagIds? Tags { get; init; }
}
