using ParallelR1.Generation;
using ParallelR1.Thinking;

namespace ParallelR1.Training.Recipes;

/// <summary>Options of decoding; budgets are enforced while decoding.</summary>
public sealed record RolloutRecipe : IOptionChecks
{
    /// <summary>Whether blocks are opened and their paths decoded in parallel, true by default; false for sequential decoding.</summary>
    public bool Parallel { get; init; } = true;

    /// <summary>Number of paths per block, 2 by default.</summary>
    [Bounds(1, 256)]
    public int Paths { get; init => field = Options.Checked(this, value); } = 2;

    /// <summary>Maximum number of blocks per response, 4 by default.</summary>
    [Bounds(0, 65536)]
    public int Blocks { get; init => field = Options.Checked(this, value); } = 4;

    /// <summary>Maximum number of sampled tokens of a path, without its tags; 0 (the default) for as many as fit.</summary>
    [Bounds(0, 1 << 24)]
    public int PathTokens { get; init => field = Options.Checked(this, value); }

    /// <summary>Maximum number of sampled tokens of a summary, without its tags; 0 (the default) for as many as fit.</summary>
    [Bounds(0, 1 << 24)]
    public int SummaryTokens { get; init => field = Options.Checked(this, value); }

    /// <summary>Maximum number of tokens of a response, including injected ones; 3000 by default.</summary>
    [Bounds(1, 1 << 24)]
    public int MaxTokens { get; init => field = Options.Checked(this, value); } = 3000;

    /// <summary>
    /// Maximum number of response tokens on the critical path (the main line and the longest path of each block), in addition to
    /// <c>max_tokens</c>; 0 (the default) for no separate limit.
    /// </summary>
    [Bounds(0, 1 << 24)]
    public int CriticalTokens { get; init => field = Options.Checked(this, value); }

    /// <summary>
    /// Whether each path's ordinal and a line feed are injected after its <c>&lt;Path&gt;</c>, without loss, and this is recorded in the model
    /// folder; null (the default) for what the model folder records.
    /// </summary>
    public bool? NumberPaths { get; init; }

    /// <summary>Sampling temperature, 1 by default; 0 for greedy decoding.</summary>
    [Bounds(0, 100)]
    public double Temperature { get; init => field = Options.Checked(this, value); } = 1;

    /// <summary>Probability mass of the most probable tokens that are sampled from (nucleus sampling); 1 (the default) for all tokens.</summary>
    [Bounds(0, 1, Above = true)]
    public double TopP { get; init => field = Options.Checked(this, value); } = 1;

    /// <summary>Number of most probable tokens that are sampled from; 0 (the default) for all.</summary>
    [Bounds(0, 1 << 24)]
    public int TopK { get; init => field = Options.Checked(this, value); }

    /// <summary>Minimum probability of a sampled token, as a share of that of the most probable one; 0 (the default) for no minimum.</summary>
    [Bounds(0, 1)]
    public double MinP { get; init => field = Options.Checked(this, value); }

    /// <summary>
    /// Whether the trainer computes log-probabilities like the engine, with the same order of summation, so that those of rollout and trainer are
    /// equal bit for bit. Null (the default) for where this is possible: in f32 and bf16 on the CPU, for tokens that are scored as sampled.
    /// </summary>
    public bool? Exact { get; init; }

    /// <summary>Maximum size of the key/value cache in bytes; null (the default) for a quarter of the free memory.</summary>
    [Bounds(1, long.MaxValue)]
    public long? CacheBytes { get; init => field = Options.Checked(this, value); }

    /// <summary>Maximum number of responses decoded together, 256 by default.</summary>
    [Bounds(1, 1 << 24)]
    public int MaxSequences { get; init => field = Options.Checked(this, value); } = 256;

    /// <summary>Gets the cap on the critical path; null for no separate one. Without blocks it is <c>max_tokens</c>, because every token is on the critical path.</summary>
    public int? Cap => CriticalTokens > 0 ? CriticalTokens : Parallel ? null : MaxTokens;

    /// <summary>Converts the recipe to the engine's limits on memory and concurrent responses.</summary>
    public EngineLimits ToEngineLimits() => new() { CacheBytes = CacheBytes, Sequences = MaxSequences };

    /// <summary>Converts the recipe to the engine's options.</summary>
    /// <param name="visibility">The visibility of paths, see <see cref="Recipe.Visibility"/>.</param>
    public GenerationOptions ToGenerationOptions(Visibility visibility) => new()
    {
        Parallel = Parallel,
        Visibility = visibility,
        Paths = Paths,
        Blocks = Blocks,
        PathTokens = PathTokens,
        SummaryTokens = SummaryTokens,
        MaxTokens = MaxTokens,
        CriticalTokens = CriticalTokens,
        NumberPaths = NumberPaths ?? false,
        Temperature = Temperature,
        TopP = TopP,
        TopK = TopK,
        MinP = MinP,
    };

    /// <inheritdoc/>
    public IEnumerable<(string Key, string Problem)> Check()
    {
        if (PathTokens >= MaxTokens)
            yield return ("path_tokens", $"a path of {PathTokens} tokens does not fit into a response of {MaxTokens} (rollout.max_tokens)");
        if (SummaryTokens >= MaxTokens)
            yield return ("summary_tokens", $"a summary of {SummaryTokens} tokens does not fit into a response of {MaxTokens} (rollout.max_tokens)");
        if (CriticalTokens > MaxTokens)
            yield return ("critical_tokens", $"a critical path of {CriticalTokens} tokens is longer than a response may be (rollout.max_tokens: {MaxTokens})");
        if (CriticalTokens > 0 && PathTokens >= CriticalTokens)
            yield return ("path_tokens", $"a path of {PathTokens} tokens does not fit into a critical path of {CriticalTokens} (rollout.critical_tokens)");
        if (CriticalTokens > 0 && SummaryTokens >= CriticalTokens)
            yield return ("summary_tokens", $"a summary of {SummaryTokens} tokens does not fit into a critical path of {CriticalTokens} (rollout.critical_tokens)");
    }
}
