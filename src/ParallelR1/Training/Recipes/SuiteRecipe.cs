using ParallelR1.Training.Recipes.Binding;

namespace ParallelR1.Training.Recipes;

/// <summary>One suite of an evaluation.</summary>
public sealed record SuiteRecipe
{
    /// <summary>A known problem set by name, or a file.</summary>
    [PathOrName]
    public required string Suite { get; init; }

    /// <summary>Responses to every problem (k of mean@k and pass@k).</summary>
    [Bounds(1, 65536)]
    public int Samples { get; init; } = 1;

    /// <summary>Use only the first problems; null: all.</summary>
    [Bounds(1, int.MaxValue)]
    public int? Limit { get; init; }
}
