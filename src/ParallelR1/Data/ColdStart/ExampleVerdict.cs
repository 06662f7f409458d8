using ParallelR1.Grading;

namespace ParallelR1.Data.ColdStart;

/// <summary>The verdict on an answer.</summary>
internal sealed record ExampleVerdict
{
    /// <summary>All faults, in the order of <see cref="ExampleFault"/>; empty if the answer is kept.</summary>
    public required IReadOnlyList<ExampleFault> Faults { get; init; }

    /// <summary>The answer part in canonical layout; empty if there is none.</summary>
    public string Response { get; init; } = "";

    /// <summary>The verdict of the validator of the rewards.</summary>
    public bool RewardValid { get; init; }

    /// <summary>The verdict of the bracket matcher.</summary>
    public bool FilterValid { get; init; }

    /// <summary>The paths of each block.</summary>
    public IReadOnlyList<int> Paths { get; init; } = [];

    /// <summary>The grade of the answer.</summary>
    public Grade Grade { get; init; } = new(Verdict.NoAnswer, null);

    /// <summary>Relative position of the first block in the text, 0 to 1; null without a block.</summary>
    public double? FirstBlockAt { get; init; }

    /// <summary>Similarity of the paths, 0 to 1; null if not measured.</summary>
    public double? SelfBleu { get; init; }

    /// <summary>Messages of the validators.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];

    /// <summary>Gets whether the answer is kept.</summary>
    public bool IsKept => Faults.Count == 0;

    /// <summary>Gets whether the answer has blocks and both validators accept it: <i>valid parallel format</i> in the Parallel-R1 paper.</summary>
    public bool IsValidFormat => RewardValid && FilterValid && Paths.Count > 0;
}
