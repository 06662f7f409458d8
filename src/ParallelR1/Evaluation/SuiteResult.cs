namespace ParallelR1.Evaluation;

/// <summary>What a model did on a suite.</summary>
public sealed record SuiteResult
{
    /// <summary>The suite.</summary>
    public required string Name { get; init; }

    /// <summary>Responses to every problem: k.</summary>
    public required int Samples { get; init; }

    /// <summary>For every problem: how many of its responses are correct.</summary>
    public required IReadOnlyList<int> Correct { get; init; }

    /// <summary>Responses that the second grader finds correct; null: none was asked.</summary>
    public int? SecondCorrect { get; init; }

    /// <summary>Responses that one of the two graders finds correct and the other does not; null: only one was asked.</summary>
    public int? Disagreements { get; init; }

    /// <summary>For every problem: how many of its responses have at least one opened block; null: not counted.</summary>
    public IReadOnlyList<int>? Opened { get; init; }

    /// <summary>Responses with at least one opened block.</summary>
    public int WithBlock { get; init; }

    /// <summary>Responses with at least one block that pass the reward validator.</summary>
    public int WellFormed { get; init; }

    /// <summary>Responses without an answer.</summary>
    public int NoAnswer { get; init; }

    /// <summary>Responses on which the grader could not decide.</summary>
    public int Undecided { get; init; }

    /// <summary>Responses that ended with their budget instead of end-of-text.</summary>
    public int CutByLength { get; init; }

    /// <summary>Opened blocks in all responses.</summary>
    public int Blocks { get; init; }

    /// <summary>Mean over blocks of where in the response they begin (0 to 1); null without blocks.</summary>
    public double? BlockPosition { get; init; }

    /// <summary>What the paths of blocks found, and what the summaries made of it.</summary>
    public BlockFigures Figures { get; init; }

    /// <summary>All response tokens, injected ones and tags included.</summary>
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
