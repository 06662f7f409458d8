using ParallelR1.Data.Synthetic;

namespace ParallelR1.Data;

/// <summary>A set of problems, or of examples for SFT, that is known by name.</summary>
public sealed record KnownSet
{
    /// <summary>What <c>--suite</c>, <c>--problems</c> and <c>data pull</c> call it.</summary>
    public required string Name { get; init; }

    /// <summary>What it holds, in one line.</summary>
    public required string Description { get; init; }

    /// <summary>Where it comes from.</summary>
    public required string Origin { get; init; }

    /// <summary>Its licence.</summary>
    public required string Licence { get; init; }

    /// <summary>It holds examples for SFT, problems with responses; else problems.</summary>
    public bool HoldsExamples { get; init; }

    /// <summary>How many problems or examples it has when loaded.</summary>
    public required int Problems { get; init; }

    /// <summary>What it counts in.</summary>
    public string Unit => HoldsExamples ? "examples" : "problems";

    /// <summary><c>train</c> or <c>test</c>.</summary>
    public required string Split { get; init; }

    /// <summary>The value of <see cref="Problem.Source"/>.</summary>
    public required string Source { get; init; }

    /// <summary>Order-independent fingerprint of problems and answers as loaded from the copy that was checked; empty where there was none.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>Where the data folders may have it, relative, best first.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>The hub's data set to download; null where there is nothing to download.</summary>
    public string? HubRepository { get; init; }

    /// <summary>Which of the hub's tables belong to it: how the name begins; before a slash, the folder (else any folder).</summary>
    public string HubFiles { get; init; } = "";

    /// <summary>Rows of the hub's files whose <c>data_source</c> has this value; null: all.</summary>
    public string? HubDataSource { get; init; }

    /// <summary>The model that wrote the responses of examples; null where none did.</summary>
    public string? Teacher { get; init; }

    /// <summary>Made on the spot by <see cref="Synthetic.SyntheticProblems"/>.</summary>
    public bool IsSynthetic { get; init; }

    /// <summary>A mixture of other sets, by name.</summary>
    public IReadOnlyList<string> Parts { get; init; } = [];

    /// <summary>The published file has cut, repeated and conflicting problems: they are left out when it is loaded by name.</summary>
    public bool NeedsCleaning { get; init; }

    /// <summary>Difficulty and split of a set of synthetic problems, which its name says: <c>synthetic-hard-test</c>.</summary>
    internal static (SyntheticDifficulty Difficulty, SyntheticSplit Split) DifficultyAndSplit(string name)
    {
        var parts = name.Split('-');
        return (Enum.Parse<SyntheticDifficulty>(parts[1], ignoreCase: true), Enum.Parse<SyntheticSplit>(parts[2], ignoreCase: true));
    }
}
