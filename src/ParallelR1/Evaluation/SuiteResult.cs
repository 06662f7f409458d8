namespace ParallelR1.Evaluation;

/// <summary>Results of a model on a suite.</summary>
public sealed record SuiteResult
{
    /// <summary>The suite.</summary>
    public required string Name { get; init; }

    /// <summary>Number of responses to each problem: k.</summary>
    public required int Samples { get; init; }

    /// <summary>Number of correct responses to each problem.</summary>
    public required IReadOnlyList<int> Correct { get; init; }

    /// <summary>Number of responses that the second grader finds correct; null if there was no second grader.</summary>
    public int? SecondCorrect { get; init; }

    /// <summary>Number of responses on which the two graders disagree; null if there was only one.</summary>
    public int? Disagreements { get; init; }

    /// <summary>Number of responses to each problem with at least one opened block; null if not counted.</summary>
    public IReadOnlyList<int>? Opened { get; init; }

    /// <summary>Number of responses with at least one opened block.</summary>
    public int WithBlock { get; init; }

    /// <summary>Number of responses with at least one block that pass the reward validator.</summary>
    public int WellFormed { get; init; }

    /// <summary>Number of responses without an answer.</summary>
    public int NoAnswer { get; init; }

    /// <summary>Number of responses on which the grader could not decide.</summary>
    public int Undecided { get; init; }

    /// <summary>Number of responses that ended with their budget instead of end-of-text.</summary>
    public int CutByLength { get; init; }

    /// <summary>Number of opened blocks in all responses.</summary>
    public int Blocks { get; init; }

    /// <summary>Mean over blocks of their start position in the response (0 to 1); null without blocks.</summary>
    public double? BlockPosition { get; init; }

    /// <summary>Statistics of the answers of paths and of the summaries of blocks.</summary>
    public BlockFigures Figures { get; init; }

    /// <summary>Number of response tokens, including injected ones and tags.</summary>
    public long TokensTotal { get; init; }

    /// <summary>The same, counting only the longest path of each block.</summary>
    public long TokensCriticalPath { get; init; }

    /// <summary>How long it took.</summary>
    public double WallSeconds { get; init; }

    /// <summary>Number of responses.</summary>
    public int Responses => Correct.Count * Samples;

    /// <summary>Mean over problems of correct / k.</summary>
    public double MeanAtK => Statistics.MeanAtK(Correct, Samples);

    /// <summary>Share of problems with a correct answer among the k.</summary>
    public double PassAtK => Statistics.PassAtK(Correct);

    /// <summary>Share of responses with at least one block.</summary>
    public double ParallelRatio => (double)WithBlock / Responses;

    /// <summary>Share of responses with at least one block that pass the reward validator.</summary>
    public double WellFormedRatio => (double)WellFormed / Responses;
}
