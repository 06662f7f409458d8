using ParallelR1.Thinking;

namespace ParallelR1.Generation;

/// <summary>How responses are decoded. Budgets count tokens and are enforced while decoding.</summary>
public sealed record GenerationOptions : BlockLimits
{
    /// <summary>The defaults.</summary>
    public GenerationOptions()
    {
    }

    /// <summary>The defaults within these limits.</summary>
    public GenerationOptions(BlockLimits limits)
        : base(limits)
    {
    }

    /// <summary>Open blocks and decode their paths side by side; false: ordinary decoding.</summary>
    public bool Parallel { get; init; } = true;

    /// <summary>Positions and visibility of parallel decoding.</summary>
    public Visibility Visibility { get; init; } = Visibility.Unseen;

    /// <summary>All tokens of the response, injected ones too.</summary>
    [Bounds(1, int.MaxValue)]
    public int MaxTokens { get; init => field = Options.Checked(this, value); } = 1024;

    /// <summary>
    /// Response tokens on the critical path (the main line, and of each block the longest path with its tags and injected tokens), beside
    /// <see cref="MaxTokens"/>; 0: no limit of its own. In plain decoding every token is on it.
    /// </summary>
    [Bounds(0, int.MaxValue)]
    public int CriticalTokens { get; init => field = Options.Checked(this, value); }

    /// <summary>Inject each path's ordinal after its <c>&lt;Path&gt;</c> (see <see cref="PathNumbers"/>), so that paths drawn from one distribution differ.</summary>
    public bool NumberPaths { get; init; }

    /// <summary>0 is greedy.</summary>
    [Bounds(0, 1000)]
    public double Temperature { get; init => field = Options.Checked(this, value); } = 1;

    /// <summary>Keep the most probable tokens whose mass reaches this; 1: all.</summary>
    [Bounds(0, 1, Above = true)]
    public double TopP { get; init => field = Options.Checked(this, value); } = 1;

    /// <summary>Keep this many of the most probable tokens; 0: all.</summary>
    [Bounds(0, int.MaxValue)]
    public int TopK { get; init => field = Options.Checked(this, value); }

    /// <summary>Keep the tokens that are at least this share as probable as the most probable one; 0: all.</summary>
    [Bounds(0, 1)]
    public double MinP { get; init => field = Options.Checked(this, value); }
}

/// <summary>How many blocks, of how many paths, and how long their parts may be.</summary>
public record BlockLimits
{
    /// <summary>Paths a block, 2 by default.</summary>
    [Bounds(1, 256)]
    public int Paths { get; init => field = Options.Checked(this, value); } = 2;

    /// <summary>Blocks a response, 4 by default; afterwards <c>&lt;Parallel&gt;</c> is banned from sampling.</summary>
    [Bounds(0, int.MaxValue)]
    public int Blocks { get; init => field = Options.Checked(this, value); } = 4;

    /// <summary>Sampled tokens of a path, without its two tags; 0, the default: as many as fit.</summary>
    [Bounds(0, int.MaxValue)]
    public int PathTokens { get; init => field = Options.Checked(this, value); }

    /// <summary>Sampled tokens of a summary, without its two tags; 0, the default: as many as fit.</summary>
    [Bounds(0, int.MaxValue)]
    public int SummaryTokens { get; init => field = Options.Checked(this, value); }
}
