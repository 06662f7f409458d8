namespace ParallelR1.Evaluation.Arms;

/// <summary>Results of a comparison so far.</summary>
public sealed record ArmReport
{
    /// <summary>Gets the options of the comparison.</summary>
    public required ArmComparisonOptions Options { get; init; }

    /// <summary>Gets the number of training seeds.</summary>
    public required int Seeds { get; init; }

    /// <summary>Gets the name of the processor.</summary>
    public required string Processor { get; init; }

    /// <summary>Gets the arms at the cap, followed by the exploratory rows.</summary>
    public IReadOnlyList<ArmRow> Rows { get; init; } = [];

    /// <summary>Gets the differences, the registered ones first.</summary>
    public IReadOnlyList<ArmDifference> Differences { get; init; } = [];

    /// <summary>Gets the shares of problems that fit under each cap; empty if the solutions of these problems are not known.</summary>
    public IReadOnlyList<CapFit> Fits { get; init; } = [];

    /// <summary>Gets the accuracy against the cap.</summary>
    public IReadOnlyList<CurvePoint> Curve { get; init; } = [];

    /// <summary>Gets summary and vote side by side, by kind of search.</summary>
    public IReadOnlyList<VoteByGoal> Votes { get; init; } = [];

    /// <summary>Gets the claims.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = Claims.NotRun;

    /// <summary>Gets the seconds per answer; null if not timed.</summary>
    public AnswerTimes? Times { get; init; }
}

/// <summary>An arm at a cap.</summary>
/// <param name="Summary">Its figures.</param>
/// <param name="Exploratory">Whether it is not part of the registered comparison.</param>
/// <param name="How">How it was decoded, in words.</param>
public sealed record ArmRow(SummaryRow Summary, bool Exploratory, string How)
{
    /// <summary>Gets its only suite.</summary>
    public SuiteSummary Suite => Summary.Suites[0].Value;
}

/// <summary>A difference between two arms.</summary>
/// <param name="Comparison">The figures.</param>
/// <param name="Cap">The cap of the first arm.</param>
/// <param name="OtherCap">The cap of the second arm.</param>
/// <param name="On">Which problems: <c>all</c>, or which part.</param>
/// <param name="Exploratory">Whether it is not part of the registered comparison.</param>
public sealed record ArmDifference(Comparison Comparison, int Cap, int OtherCap, string On, bool Exploratory);

/// <summary>The same responses by their summaries and by votes, for the problems of one kind.</summary>
/// <param name="Goal">The goal of the search; <c>none</c>: no search, each path works at the whole problem.</param>
/// <param name="Problems">Problems.</param>
/// <param name="Summary">Accuracy by the summaries.</param>
/// <param name="Vote">Accuracy by votes; null: a vote makes no sense, since the parts of a count are summed.</param>
public sealed record VoteByGoal(string Goal, int Problems, double Summary, double? Vote);
