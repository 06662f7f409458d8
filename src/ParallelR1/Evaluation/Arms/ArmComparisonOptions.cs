using ParallelR1.Generation;
using ParallelR1.Thinking;
using ParallelR1.Torch;

namespace ParallelR1.Evaluation.Arms;

/// <summary>The models of a comparison: of each trained arm one model folder a training seed, in the same order everywhere.</summary>
public sealed record ArmFolders
{
    /// <summary>The arm that thinks in parallel.</summary>
    public required IReadOnlyList<string> Parallel { get; init; }

    /// <summary>Its control without blocks, trained for as many steps.</summary>
    public required IReadOnlyList<string> Control { get; init; }

    /// <summary>A second control, trained on as many sampled tokens; empty: none. The better of the two is compared with.</summary>
    public IReadOnlyList<string> ControlByTokens { get; init; } = [];

    /// <summary>What the parallel arm started from: its cold start; empty: not measured.</summary>
    public IReadOnlyList<string> ParallelStart { get; init; } = [];

    /// <summary>What the control started from; empty: not measured.</summary>
    public IReadOnlyList<string> ControlStart { get; init; } = [];

    /// <summary>The model that everything started from; null: not measured.</summary>
    public string? Base { get; init; }

    /// <summary>All folders.</summary>
    public IEnumerable<string> All => [.. Parallel, .. Control, .. ControlByTokens, .. ParallelStart, .. ControlStart, .. Base is null ? [] : new[] { Base }];

    /// <summary>Refuses arms that lack a seed.</summary>
    /// <exception cref="UsageException">Says which.</exception>
    internal void Require()
    {
        if (Parallel.Count == 0)
            throw new UsageException("the parallel arm has no model; name one model folder for each training seed");
        foreach (var (name, folders, needed) in new[] { ("control", Control, true), ("control by tokens", ControlByTokens, false), ("parallel cold start", ParallelStart, false), ("control's cold start", ControlStart, false) })
        {
            if (folders.Count != Parallel.Count && (needed || folders.Count > 0))
                throw new UsageException($"the parallel arm has {Parallel.Count} models, the {name} {folders.Count}; name as many folders, one a training seed, in the same order");
        }
    }
}

/// <summary>How the arms are compared.</summary>
public sealed record ArmComparisonOptions
{
    /// <summary>Fewest paths of a block.</summary>
    public const int LeastPaths = 2;

    /// <summary>Fewest blocks a response.</summary>
    public const int LeastBlocks = 1;

    /// <summary>2 blocks of 4 paths, with summaries of at most 48 tokens.</summary>
    public static BlockLimits DefaultBlocks { get; } = new() { Paths = 4, Blocks = 2, SummaryTokens = 48 };

    /// <summary>The problems, and the samples of each.</summary>
    public required EvaluationSuite Suite { get; init; }

    /// <summary>Tokens on the critical path that every arm may use: the cap at which the claims are judged.</summary>
    [Bounds(8, int.MaxValue)]
    public required int Cap { get; init => field = Options.Checked(this, value); }

    /// <summary>Caps of the curve; empty: six from half of the cap to five thirds. It continues by itself until the control gains less than a point.</summary>
    public IReadOnlyList<int> Caps { get; init; } = [];

    /// <summary>Samples of a problem at the other caps of the curve; null: as many as at the cap.</summary>
    [Bounds(1, 100_000)]
    public int? CurveSamples { get; init => field = Options.Checked(this, value); }

    /// <summary>Blocks of the parallel arm: at least <see cref="LeastBlocks"/> of <see cref="LeastPaths"/> paths; <see cref="DefaultBlocks"/> by default.</summary>
    public BlockLimits Blocks
    {
        get;
        init => field = value is { Paths: >= LeastPaths, Blocks: >= LeastBlocks }
            ? value
            : throw new UsageException($"{nameof(ArmComparisonOptions)}.{nameof(Blocks)}: must be at least {LeastBlocks} of {LeastPaths} paths, found {value?.Blocks} of {value?.Paths}");
    } = DefaultBlocks;

    /// <summary>Keys the draws of the first models; the next seed those of the second ones, and so on.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Which grader says what is correct.</summary>
    public string Grader { get; init; } = "strict";

    /// <summary>What is put around a problem; null: what each model was trained with.</summary>
    public ProblemTemplate? Template { get; init; }

    /// <summary>Type of weights and arithmetic.</summary>
    public ScalarType Type { get; init; } = ScalarType.Float32;

    /// <summary>How much is decoded at once.</summary>
    public EngineLimits? Limits { get; init; }

    /// <summary>Problems whose answers are timed, 100 by default; 0: nothing is timed.</summary>
    [Bounds(0, int.MaxValue)]
    public int TimedProblems { get; init => field = Options.Checked(this, value); } = 100;

    /// <summary>Rounds of timing, 5 by default.</summary>
    [Bounds(1, 1000)]
    public int Rounds { get; init => field = Options.Checked(this, value); } = 5;

    /// <summary>The command that makes the comparison, as findings name it.</summary>
    public string Command { get; init; } = "parallel-r1 compare";

    /// <summary>The caps that are measured at least, ascending.</summary>
    internal IReadOnlyList<int> CapsToMeasure
    {
        get
        {
            IEnumerable<int> caps = Caps.Count > 0 ? Caps : [Cap / 2, Cap * 2 / 3, Cap * 5 / 6, Cap * 4 / 3, Cap * 5 / 3];
            return caps.FirstOrDefault(cap => cap < 8) is var low and > 0
                ? throw new UsageException($"a cap of {low} tokens: must be at least 8")
                : [.. caps.Append(Cap).Distinct().Order()];
        }
    }

    internal string Dtype => Type == ScalarType.BFloat16 ? "bf16" : "f32";

    /// <summary>Ordinary decoding of at most so many tokens.</summary>
    internal static GenerationOptions Plain(int cap) => new() { Parallel = false, MaxTokens = cap };

    /// <summary>Blocks under a cap on the critical path; the total is limited by it alone.</summary>
    internal GenerationOptions InBlocks(int cap) => new(Blocks)
    {
        MaxTokens = (int)Math.Min((long)cap * Blocks.Paths, int.MaxValue),
        CriticalTokens = cap,
    };

    /// <summary>Blocks whose paths count one after the other: the cap holds for all tokens, in equal shares for the paths.</summary>
    internal GenerationOptions InSequence(int cap) => InBlocks(cap) with { MaxTokens = cap, CriticalTokens = 0 };
}
