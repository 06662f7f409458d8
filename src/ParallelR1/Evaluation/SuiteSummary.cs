namespace ParallelR1.Evaluation;

/// <summary>Results of a suite in a row of the summary.</summary>
public sealed record SuiteSummary
{
    /// <summary>Number of problems.</summary>
    public required int Problems { get; init; }

    /// <summary>Number of responses to each problem.</summary>
    public required int Samples { get; init; }

    /// <summary>mean@k.</summary>
    public required double MeanAtK { get; init; }

    /// <summary>pass@k.</summary>
    public required double PassAtK { get; init; }

    /// <summary>mean@k of each seed, in the order of the row's seeds.</summary>
    public IReadOnlyList<double> PerSeed { get; init; } = [];

    /// <summary>The published bootstrap of pass@k.</summary>
    public double? PassAtKBootstrap { get; init; }

    /// <summary>Lower end of the 95 % interval of mean@k.</summary>
    public required double Low { get; init; }

    /// <summary>Upper end of the 95 % interval of mean@k.</summary>
    public required double High { get; init; }

    /// <summary>Share of responses without an answer.</summary>
    public double? NoAnswerRatio { get; init; }

    /// <summary>Share of responses on which the grader could not decide.</summary>
    public double? UndecidedRatio { get; init; }

    /// <summary>Share of responses that ended with a budget.</summary>
    public double? CutRatio { get; init; }

    /// <summary>Mean number of blocks per response.</summary>
    public double? Blocks { get; init; }

    /// <summary>Mean over blocks of their start position in the response (0 to 1).</summary>
    public double? BlockPosition { get; init; }

    /// <summary>See <see cref="BlockFigures.PathsDiffer"/>.</summary>
    public double? PathsDiffer { get; init; }

    /// <summary>See <see cref="BlockFigures.PathOracle"/>.</summary>
    public double? PathOracle { get; init; }

    /// <summary>See <see cref="BlockFigures.SummaryTakesRight"/>.</summary>
    public double? SummaryTakesRight { get; init; }

    /// <summary>See <see cref="BlockFigures.PathAgreement"/>.</summary>
    public double? PathAgreement { get; init; }

    /// <summary>See <see cref="BlockFigures.VerificationRatio"/>.</summary>
    public double? VerificationRatio { get; init; }
}
