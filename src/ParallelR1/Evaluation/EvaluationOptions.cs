using ParallelR1.Generation;

namespace ParallelR1.Evaluation;

/// <summary>How a suite is evaluated.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Responses to every problem: k.</summary>
    public int Samples { get; init; } = 1;

    /// <summary>How responses are decoded.</summary>
    public GenerationOptions Generation { get; init; } = new();

    /// <summary>The key of every draw.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Where every response is written as JSON Lines, in the order of problems and samples; null: nowhere.</summary>
    public string? ResponsesFile { get; init; }
}
