using ParallelR1.Grading;

namespace ParallelR1.Data.ColdStart;

/// <summary>What an answer must be like to be kept.</summary>
public sealed record ExampleFilterOptions
{
    /// <summary>Name of the grader that compares with the gold answer (<see cref="Graders.Names"/>).</summary>
    public string Grader { get; init; } = "semantic";

    /// <summary>Characters of an example at most.</summary>
    public int MaxCharacters { get; init; } = 12_000;

    /// <summary>Tokens of an example at most, together with its problem; counts only with <see cref="CountTokens"/>.</summary>
    public int MaxTokens { get; init; } = 4096;

    /// <summary>Counts the tokens of a problem and an answer as they will be trained on; null: only characters count.</summary>
    public Func<string, string, int>? CountTokens { get; init; }

    /// <summary>Two paths are the same from this share of common word triples on.</summary>
    public double SamePathFrom { get; init; } = 0.8;

    /// <summary>How alike the paths of an answer are, 0 to 1, recorded with each example and in the report as <c>self_bleu</c>; null: not measured.</summary>
    public Func<string, double>? SelfBleu { get; init; }
}
