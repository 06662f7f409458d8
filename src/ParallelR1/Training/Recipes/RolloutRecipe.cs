using ParallelR1.Generation;
using ParallelR1.Thinking;

namespace ParallelR1.Training.Recipes;

/// <summary>How responses are decoded; budgets are enforced while decoding.</summary>
public sealed record RolloutRecipe : IOptionChecks
{
    /// <summary>Open blocks and decode their paths side by side; false: ordinary decoding.</summary>
    public bool Parallel { get; init; } = true;

    /// <summary>Paths a block.</summary>
    [Bounds(1, 256)]
    public int Paths { get; init => field = Options.Checked(this, value); } = 2;

    /// <summary>Blocks a response.</summary>
    [Bounds(0, 65536)]
    public int Blocks { get; init => field = Options.Checked(this, value); } = 4;

    /// <summary>Sampled tokens of a path without its tags; 0: as many as fit.</summary>
    [Bounds(0, 1 << 24)]
    public int PathTokens { get; init => field = Options.Checked(this, value); }

    /// <summary>Sampled tokens of a summary without its tags; 0: as many as fit.</summary>
    [Bounds(0, 1 << 24)]
    public int SummaryTokens { get; init => field = Options.Checked(this, value); }

    /// <summary>All tokens of a response, injected ones too.</summary>
    [Bounds(1, 1 << 24)]
    public int MaxTokens { get; init => field = Options.Checked(this, value); } = 3000;

    /// <summary>Response tokens on the critical path (the main line, and of each block the longest path), beside <c>max_tokens</c>; 0: no limit of its own.</summary>
    [Bounds(0, 1 << 24)]
    public int CriticalTokens { get; init => field = Options.Checked(this, value); }

    /// <summary>Inject each path's ordinal and a line feed after its <c>&lt;Path&gt;</c>, without loss, and record that in the model folder; null: as the model's folder records it.</summary>
    public bool? NumberPaths { get; init; }

    /// <summary>0 is greedy.</summary>
    [Bounds(0, 100)]
    public double Temperature { get; init => field = Options.Checked(this, value); } = 1;

    /// <summary>Keep the most probable tokens whose mass reaches this; 1: all.</summary>
    [Bounds(0, 1, Above = true)]
    public double TopP { get; init => field = Options.Checked(this, value); } = 1;

    /// <summary>Keep this many of the most probable tokens; 0: all.</summary>
    [Bounds(0, 1 << 24)]
    public int TopK { get; init => field = Options.Checked(this, value); }

    /// <summary>Keep the tokens that are at least this share as probable as the most probable one; 0: all.</summary>
    [Bounds(0, 1)]
    public double MinP { get; init => field = Options.Checked(this, value); }

    /// <summary>
    /// Compute the trainer's log-probabilities as the engine does, in the same order of sums: those of rollout and trainer are equal bit for bit.
    /// Null: where that can be, in f32 and bf16 on the CPU, for tokens that are scored as they were sampled.
    /// </summary>
    public bool? Exact { get; init; }

    /// <summary>Bytes of keys and values at most; null: a quarter of the memory that is free.</summary>
    [Bounds(1, long.MaxValue)]
    public long? CacheBytes { get; init => field = Options.Checked(this, value); }

    /// <summary>Responses decoded together at most.</summary>
    [Bounds(1, 1 << 24)]
    public int MaxSequences { get; init => field = Options.Checked(this, value); } = 256;

    /// <summary>The cap on the critical path; null: none of its own. Without blocks every token is on it.</summary>
    public int? Cap => CriticalTokens > 0 ? CriticalTokens : Parallel ? null : MaxTokens;

    /// <summary>How much the engine decodes at once.</summary>
    public EngineLimits ToEngineLimits() => new() { CacheBytes = CacheBytes, Sequences = MaxSequences };

    /// <summary>The engine's options, with the recipe's visibility.</summary>
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
