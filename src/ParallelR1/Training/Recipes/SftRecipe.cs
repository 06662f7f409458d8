namespace ParallelR1.Training.Recipes;

/// <summary>Supervised fine-tuning.</summary>
public sealed record SftRecipe
{
    /// <summary>Passes over the examples.</summary>
    [Bounds(1, 1_000_000)]
    public int Epochs { get; init => field = Options.Checked(this, value); } = 5;

    /// <summary>Stop after so many optimizer steps; null: when the epochs are done.</summary>
    [Bounds(1, int.MaxValue)]
    public int? Steps { get; init => field = Options.Checked(this, value); }

    /// <summary>Examples an optimizer step.</summary>
    [Bounds(1, 1_000_000)]
    public int BatchSize { get; init => field = Options.Checked(this, value); } = 128;

    /// <summary>Tokens computed at once; the result does not depend on it, memory does.</summary>
    [Bounds(1, 1 << 28)]
    public int MicroBatchTokens { get; init => field = Options.Checked(this, value); } = 8192;

    /// <summary>Longest example, prompt and response, in tokens; longer ones are left out and counted.</summary>
    [Bounds(2, 1 << 24)]
    public int MaxLength { get; init => field = Options.Checked(this, value); } = 4096;

    /// <summary>Optimizer steps between two validations; 0: only at the end.</summary>
    [Bounds(0, int.MaxValue)]
    public int ValidateEvery { get; init => field = Options.Checked(this, value); }
}
