namespace ParallelR1.Training.Recipes;

/// <summary>Options of supervised fine-tuning.</summary>
public sealed record SftRecipe
{
    /// <summary>Number of passes over the examples, 5 by default.</summary>
    [Bounds(1, 1_000_000)]
    public int Epochs { get; init => field = Options.Checked(this, value); } = 5;

    /// <summary>Number of optimizer steps, instead of that of the epochs; null (the default) for all epochs.</summary>
    [Bounds(1, int.MaxValue)]
    public int? Steps { get; init => field = Options.Checked(this, value); }

    /// <summary>Number of examples per optimizer step, 128 by default.</summary>
    [Bounds(1, 1_000_000)]
    public int BatchSize { get; init => field = Options.Checked(this, value); } = 128;

    /// <summary>Number of tokens of a micro-batch, 8192 by default; it affects memory, not the result.</summary>
    [Bounds(1, 1 << 28)]
    public int MicroBatchTokens { get; init => field = Options.Checked(this, value); } = 8192;

    /// <summary>Maximum length of an example (prompt and response) in tokens, 4096 by default; longer ones are left out and counted.</summary>
    [Bounds(2, 1 << 24)]
    public int MaxLength { get; init => field = Options.Checked(this, value); } = 4096;

    /// <summary>Number of optimizer steps between validations; 0 (the default) for a validation at the end only.</summary>
    [Bounds(0, int.MaxValue)]
    public int ValidateEvery { get; init => field = Options.Checked(this, value); }
}
