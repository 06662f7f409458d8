namespace ParallelR1.Evaluation;

/// <summary>A suite's figures in a row of the summary.</summary>
public sealed record SuiteSummary
{
    /// <summary>Number of problems.</summary>
    public required int Problems { get; init; }

    /// <summary>Responses to every problem.</summary>
    public required int Samples { get; init; }

    /// <summary>mean@k.</summary>
    public required double MeanAtK { get; init; }

    /// <summary>pass@k.</summary>
    public required double PassAtK { get; init; }

    /// <summary>The published bootstrap of pass@k.</summary>
    public double? PassAtKBootstrap { get; init; }

    /// <summary>Lower end of the 95 % interval of mean@k.</summary>
    public required double Low { get; init; }

    /// <summary>Upper end of it.</summary>
    public required double High { get; init; }

    /// <summary>Share of responses without an answer.</summary>
    public double? NoAnswerRatio { get; init; }

    /// <summary>Share of responses on which the grader could not decide.</summary>
    public double? UndecidedRatio { get; init; }
}
