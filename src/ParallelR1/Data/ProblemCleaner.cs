namespace ParallelR1.Data;

/// <summary>Filters out problems with the faults of published sets: cut texts or answers, too long, duplicate, with conflicting answers.</summary>
/// <remarks>Two passes over the source, so that a conflict is known before its first copy is yielded; memory holds answers and hashes, not the texts.</remarks>
internal sealed class ProblemCleaner(CleaningOptions? options = null)
{
    private readonly CleaningOptions _options = options ?? new CleaningOptions();

    /// <summary>Yields the problems to keep. <paramref name="source"/> is enumerated twice.</summary>
    /// <param name="source">The problems.</param>
    /// <param name="rejected">Called for each problem that is left out.</param>
    public IEnumerable<Problem> Clean(IEnumerable<Problem> source, Action<Rejection>? rejected = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return CleanCore(source, rejected);
    }

    /// <summary>Returns whether a text is visibly cut: it ends in a colon.</summary>
    public static bool IsCut(string text) => text.AsSpan().TrimEnd() is [.., ':' or '：'];

    private IEnumerable<Problem> CleanCore(IEnumerable<Problem> source, Action<Rejection>? rejected)
    {
        var census = new DuplicateCensus(ignoreWhiteSpace: true);
        foreach (var problem in source)
            census.Add(problem);
        var seen = new HashSet<UInt128>();
        foreach (var problem in source)
        {
            if (Judge(problem, census, seen) is { } rejection)
                rejected?.Invoke(rejection);
            else
                yield return problem;
        }
    }

    private Rejection? Judge(Problem problem, DuplicateCensus census, HashSet<UInt128> seen)
    {
        if (_options.RejectCut && IsCut(problem.Text))
            return new Rejection(problem.Id, RejectReason.CutProblem, $"ends in '{Tail(problem.Text)}'");
        if (BoxedAnswer.IsCut(problem.Answer))
            return new Rejection(problem.Id, RejectReason.CutAnswer, $"the answer is '{problem.Answer}'");
        if (problem.Text.Length > _options.MaxCharacters)
            return new Rejection(problem.Id, RejectReason.OverLong, $"{problem.Text.Length:N0} characters, allowed are {_options.MaxCharacters:N0}");
        if (census.IsConflicting(problem))
            return new Rejection(problem.Id, RejectReason.ConflictingAnswers, $"here the answer is '{problem.Answer}'");
        return seen.Add(census.Key(problem)) ? null : new Rejection(problem.Id, RejectReason.Duplicate, "the same problem came before");
    }

    private static string Tail(string text)
    {
        var trimmed = text.AsSpan().TrimEnd();
        return (trimmed.Length > 40 ? trimmed[^40..] : trimmed).ToString();
    }
}

/// <summary>Which problems are left out of a prepared set.</summary>
public sealed record CleaningOptions
{
    /// <summary>Whether problems whose text is visibly cut are left out; on by default.</summary>
    public bool RejectCut { get; init; } = true;

    /// <summary>Maximum number of characters of a problem; null for no limit.</summary>
    [Bounds(1, int.MaxValue)]
    public int? MaxCharacters { get; init => field = Options.Checked(this, value); } = 8000;
}

/// <summary>The reason why a problem is left out of a prepared set; the first that applies.</summary>
public enum RejectReason
{
    /// <summary>The text ends in a colon: the paragraphs after it are missing.</summary>
    CutProblem,

    /// <summary>The gold answer's braces do not balance, and it cannot be repaired from a solution.</summary>
    CutAnswer,

    /// <summary>The text is longer than allowed.</summary>
    OverLong,

    /// <summary>The same text occurs with different answers; neither can be trusted.</summary>
    ConflictingAnswers,

    /// <summary>The same text with the same answer came before.</summary>
    Duplicate,

    /// <summary>It overlaps with the set that it must be disjoint from.</summary>
    Contaminated,
}

/// <summary>A problem that was left out.</summary>
/// <param name="Id">Id of the problem.</param>
/// <param name="Reason">The reason.</param>
/// <param name="Detail">Details such as the length, the other answer or the shared words.</param>
public sealed record Rejection(string Id, RejectReason Reason, string Detail);
