using ParallelR1.Grading;
using ParallelR1.Thinking;

namespace ParallelR1.Data.ColdStart;

/// <summary>Decides whether a teacher's answer becomes an example. Thread-safe.</summary>
internal sealed class ExampleJudge
{
    private const string FinalAnswer = "Final Answer:";

    private readonly ExampleFilterOptions _options;
    private readonly IExplainingGrader _grader;

    /// <exception cref="UsageException">There is no such grader, or a limit is out of range.</exception>
    public ExampleJudge(ExampleFilterOptions? options = null)
    {
        _options = options ?? new ExampleFilterOptions();
        _grader = Graders.ByName(_options.Grader);
        if (_options.MaxCharacters < 1 || _options.MaxTokens < 1)
            throw new UsageException("the longest example must have at least one character and token");
    }

    /// <summary>Judges one answer.</summary>
    /// <param name="problem">The problem with its gold answer.</param>
    /// <param name="text">The teacher's answer, unchanged.</param>
    /// <param name="finish">The finish reason; <c>length</c> means that it was truncated.</param>
    public ExampleVerdict Judge(Problem problem, string text, string? finish)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var faults = new SortedSet<ExampleFault>();
        if (finish is "length" or "max_tokens")
            faults.Add(ExampleFault.Truncated);
        var response = TeacherText.Canonicalise(AnswerPart.Of(text));
        if (response.Length == 0)
        {
            faults.Add(ExampleFault.Empty);
            return new ExampleVerdict { Faults = [.. faults] };
        }

        var format = FormatValidator.Check(response);
        var brackets = BracketValidator.Check(response);
        var example = ExampleText.Read(response);
        if (format.Blocks == 0)
            faults.Add(ExampleFault.NoBlock);
        if (!format.IsValid)
            faults.Add(ExampleFault.RewardFormat);
        if (brackets.Count > 0)
            faults.Add(ExampleFault.BracketFormat);
        // A malformed text has no defined structure.
        if (format.IsValid && brackets.Count == 0)
            faults.UnionWith(OfBlocks(problem, example));
        if (MechanismWords.Announces(example.Main, response, problem.Text))
            faults.Add(ExampleFault.Announcement);
        if (!EndsInAnswer(response))
            faults.Add(ExampleFault.NoFinalAnswer);
        if (IsTooLong(problem, response))
            faults.Add(ExampleFault.TooLong);

        var grade = _grader.Grade(response, problem.Answer);
        if (!grade.IsCorrect)
            faults.Add(grade.Verdict == Verdict.Undecided ? ExampleFault.Undecided : ExampleFault.WrongAnswer);
        return new ExampleVerdict
        {
            Faults = [.. faults],
            Response = response,
            RewardValid = format.IsValid,
            FilterValid = brackets.Count == 0,
            Paths = format.Paths,
            Grade = grade,
            FirstBlockAt = example.Blocks is [var first, ..] ? (double)first.Start / response.Length : null,
            SelfBleu = faults.Count == 0 ? _options.SelfBleu?.Invoke(response) : null,
            Errors = [.. format.Errors.Concat(brackets).Take(10)],
        };
    }

    private IEnumerable<ExampleFault> OfBlocks(Problem problem, ExampleText example)
    {
        if (example.IsNested)
        {
            // It is undefined which text belongs to which path.
            yield return ExampleFault.Nested;
            yield break;
        }

        if (example.HasStrayText)
            yield return ExampleFault.StrayText;
        if (example.HasSummaryApart)
            yield return ExampleFault.SummaryApart;
        foreach (var block in example.Blocks)
        {
            if (string.IsNullOrWhiteSpace(block.Summary) || block.Paths.Any(string.IsNullOrWhiteSpace))
                yield return ExampleFault.EmptyPath;
            if (PathSimilarity.Least(block.Paths) >= _options.SamePathFrom)
                yield return ExampleFault.EqualPaths;
            if (block.Paths.Any(MechanismWords.IsOrdered))
                yield return ExampleFault.OrderedPaths;
            if (block.Paths.Any(p => MechanismWords.RefersToAnother(p, problem.Text)))
                yield return ExampleFault.CrossReference;
        }
    }

    private bool IsTooLong(Problem problem, string response) =>
        response.Length > _options.MaxCharacters || _options.CountTokens?.Invoke(problem.Text, response) > _options.MaxTokens;

    private static bool EndsInAnswer(string response)
    {
        var last = response[(response.LastIndexOf('\n') + 1)..].Trim();
        return last.StartsWith(FinalAnswer, StringComparison.Ordinal) && !string.IsNullOrWhiteSpace(last[FinalAnswer.Length..]);
    }
}

/// <summary>The filters that an answer must pass to be kept.</summary>
public sealed record ExampleFilterOptions
{
    /// <summary>Name of the grader that compares with the gold answer; one of <see cref="Graders.Names"/>.</summary>
    public string Grader { get; init; } = "semantic";

    /// <summary>Maximum number of characters of an example.</summary>
    [Bounds(1, int.MaxValue)]
    public int MaxCharacters { get; init => field = Options.Checked(this, value); } = 12_000;

    /// <summary>Maximum number of tokens of an example with its problem; applies only if <see cref="CountTokens"/> is set.</summary>
    [Bounds(1, int.MaxValue)]
    public int MaxTokens { get; init => field = Options.Checked(this, value); } = 4096;

    /// <summary>Counts the tokens of a problem and an answer as they will be trained on; null to limit characters only.</summary>
    public Func<string, string, int>? CountTokens { get; init; }

    /// <summary>Share of common word triples, 0 to 1, from which on two paths count as equal.</summary>
    [Bounds(0, 1)]
    public double SamePathFrom { get; init => field = Options.Checked(this, value); } = 0.8;

    /// <summary>Measures the similarity of the paths of an answer, 0 to 1; recorded as <c>self_bleu</c> with each example and in the report. Null to not measure it.</summary>
    public Func<string, double>? SelfBleu { get; init; }
}
