using ParallelR1.Grading;

namespace ParallelR1.Data.ColdStart;

/// <summary>What became of an answer.</summary>
internal sealed record ExampleVerdict
{
    /// <summary>All that speaks against it, in the order of <see cref="ExampleFault"/>; empty for one that is kept.</summary>
    public required IReadOnlyList<ExampleFault> Faults { get; init; }

    /// <summary>The answer part in the canonical layout; empty if there is none.</summary>
    public string Response { get; init; } = "";

    /// <summary>The verdict of the validator of the rewards.</summary>
    public bool RewardValid { get; init; }

    /// <summary>The verdict of the bracket matcher.</summary>
    public bool FilterValid { get; init; }

    /// <summary>The paths of each block.</summary>
    public IReadOnlyList<int> Paths { get; init; } = [];

    /// <summary>The answer against the gold answer.</summary>
    public Grade Grade { get; init; } = new(Verdict.NoAnswer, null);

    /// <summary>Where the first block begins, as a share of the text; null without a block.</summary>
    public double? FirstBlockAt { get; init; }

    /// <summary>How alike the paths are; null where it was not measured.</summary>
    public double? SelfBleu { get; init; }

    /// <summary>Messages of the validators.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];

    /// <summary>Whether it is kept.</summary>
    public bool IsKept => Faults.Count == 0;

    /// <summary>Whether it has blocks and both validators accept it: the published table's <i>valid parallel format</i>.</summary>
    public bool IsValidFormat => RewardValid && FilterValid && Paths.Count > 0;
}
