using ParallelR1.Thinking;

namespace ParallelR1.Generation;

/// <summary>How responses are decoded. Budgets count tokens and are enforced while decoding.</summary>
public sealed record GenerationOptions : BlockLimits
{
    /// <summary>Initializes the default options.</summary>
    public GenerationOptions()
    {
    }

    /// <summary>Initializes the default options with the given block limits.</summary>
    /// <param name="limits">Number of blocks and paths, and the lengths of their parts.</param>
    public GenerationOptions(BlockLimits limits)
        : base(limits)
    {
    }

    /// <summary>Gets whether blocks are opened and their paths decoded side by side, true by default; false for ordinary decoding.</summary>
    public bool Parallel { get; init; } = true;

    /// <summary>Gets the positions and visibility of parallel decoding, <see cref="Visibility.Unseen"/> by default.</summary>
    public Visibility Visibility { get; init; } = Visibility.Unseen;

    /// <summary>Gets the maximum number of response tokens, including injected ones; 1024 by default.</summary>
    [Bounds(1, int.MaxValue)]
    public int MaxTokens { get; init => field = Options.Checked(this, value); } = 1024;

    /// <summary>
    /// Gets the maximum number of response tokens on the critical path (the main line, and the longest path of each block with its tags and
    /// injected tokens), in addition to <see cref="MaxTokens"/>; 0, the default, for no such limit. In plain decoding every token counts.
    /// </summary>
    [Bounds(0, int.MaxValue)]
    public int CriticalTokens { get; init => field = Options.Checked(this, value); }

    /// <summary>
    /// Gets whether each path's ordinal is injected after its <c>&lt;Path&gt;</c> (see <see cref="PathNumbers"/>), so that paths sampled from one
    /// distribution differ; false by default.
    /// </summary>
    public bool NumberPaths { get; init; }

    /// <summary>Gets the sampling temperature, 1 by default; 0 for greedy decoding.</summary>
    [Bounds(0, 1000)]
    public double Temperature { get; init => field = Options.Checked(this, value); } = 1;

    /// <summary>Gets the probability mass of top-p sampling: only the most probable tokens that together reach it are kept; 1, the default, keeps all.</summary>
    [Bounds(0, 1, Above = true)]
    public double TopP { get; init => field = Options.Checked(this, value); } = 1;

    /// <summary>Gets the number of most probable tokens kept in top-k sampling; 0, the default, keeps all.</summary>
    [Bounds(0, int.MaxValue)]
    public int TopK { get; init => field = Options.Checked(this, value); }

    /// <summary>Gets the minimum probability of kept tokens relative to the most probable one (min-p sampling); 0, the default, keeps all.</summary>
    [Bounds(0, 1)]
    public double MinP { get; init => field = Options.Checked(this, value); }
}

/// <summary>Limits on the number of blocks and paths, and on the lengths of their parts.</summary>
public record BlockLimits
{
    /// <summary>Gets the number of paths per block, 2 by default.</summary>
    [Bounds(1, 256)]
    public int Paths { get; init => field = Options.Checked(this, value); } = 2;

    /// <summary>Gets the maximum number of blocks per response, 4 by default; afterwards <c>&lt;Parallel&gt;</c> is banned from sampling.</summary>
    [Bounds(0, int.MaxValue)]
    public int Blocks { get; init => field = Options.Checked(this, value); } = 4;

    /// <summary>Gets the maximum number of sampled tokens of a path, without its two tags; 0, the default, for as many as fit.</summary>
    [Bounds(0, int.MaxValue)]
    public int PathTokens { get; init => field = Options.Checked(this, value); }

    /// <summary>Gets the maximum number of sampled tokens of a summary, without its two tags; 0, the default, for as many as fit.</summary>
    [Bounds(0, int.MaxValue)]
    public int SummaryTokens { get; init => field = Options.Checked(this, value); }
}
