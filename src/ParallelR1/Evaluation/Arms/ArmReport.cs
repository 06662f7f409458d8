namespace ParallelR1.Evaluation.Arms;

/// <summary>What a comparison has found so far.</summary>
public sealed record ArmReport
{
    /// <summary>How it was compared.</summary>
    public required ArmComparisonOptions Options { get; init; }

    /// <summary>Training seeds.</summary>
    public required int Seeds { get; init; }

    /// <summary>The processor.</summary>
    public required string Processor { get; init; }

    /// <summary>The arms at the cap, then what is exploratory.</summary>
    public IReadOnlyList<ArmRow> Rows { get; init; } = [];

    /// <summary>Differences, the registered ones first.</summary>
    public IReadOnlyList<ArmDifference> Differences { get; init; } = [];

    /// <summary>What each cap alone decides; empty: nobody knows the solutions of these problems.</summary>
    public IReadOnlyList<CapFit> Fits { get; init; } = [];

    /// <summary>Accuracy against the cap.</summary>
    public IReadOnlyList<CurvePoint> Curve { get; init; } = [];

    /// <summary>Summary and vote side by side, by kind of search.</summary>
    public IReadOnlyList<VoteByGoal> Votes { get; init; } = [];

    /// <summary>The claims.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = Claims.NotRun;

    /// <summary>Seconds an answer; null: not timed.</summary>
    public AnswerTimes? Times { get; init; }
}

/// <summary>An arm at a cap.</summary>
/// <param name="Summary">Its figures.</param>
/// <param name="Exploratory">Whether it is beside the registered comparison.</param>
/// <param name="How">How it was decoded, in words.</param>
public sealed record ArmRow(SummaryRow Summary, bool Exploratory, string How)
{
    /// <summary>Its only suite.</summary>
    public SuiteSummary Suite => Summary.Suites[0].Value;

    /// <summary>Mean tokens of an answer.</summary>
    public double TokensPerAnswer => (double)Summary.TokensTotal / Answers;

    /// <summary>Mean tokens of an answer on the critical path.</summary>
    public double CriticalPerAnswer => (double)Summary.TokensCriticalPath / Answers;

    private double Answers => (double)Suite.Problems * Suite.Samples * Suite.PerSeed.Count;
}

/// <summary>A difference between two arms.</summary>
/// <param name="Comparison">The figures.</param>
/// <param name="Cap">The cap of the first arm.</param>
/// <param name="OtherCap">That of the second.</param>
/// <param name="On">Which problems: <c>all</c>, or which part.</param>
/// <param name="Exploratory">Whether it is beside the registered comparison.</param>
public sealed record ArmDifference(Comparison Comparison, int Cap, int OtherCap, string On, bool Exploratory);

/// <summary>The same responses by their summaries and by votes, for the problems of one kind.</summary>
/// <param name="Goal">The goal of the search; <c>none</c>: no search, each path works at the whole problem.</param>
/// <param name="Problems">Problems.</param>
/// <param name="Summary">Accuracy by the summaries.</param>
/// <param name="Vote">Accuracy by votes; null: a vote makes no sense, since the parts of a count are summed.</param>
public sealed record VoteByGoal(string Goal, int Problems, double Summary, double? Vote);
