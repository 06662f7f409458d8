using ParallelR1.Data.Synthetic;

namespace ParallelR1.Data;

/// <summary>A set of problems, or of examples for SFT, that can be loaded by name.</summary>
public sealed record KnownSet
{
    /// <summary>The name that <c>--suite</c>, <c>--problems</c> and <c>data pull</c> take.</summary>
    public required string Name { get; init; }

    /// <summary>A one-line description.</summary>
    public required string Description { get; init; }

    /// <summary>Where the set was published.</summary>
    public required string Origin { get; init; }

    /// <summary>The licence of the set.</summary>
    public required string Licence { get; init; }

    /// <summary>Whether the set holds examples for SFT (problems with responses) instead of problems.</summary>
    public bool HoldsExamples { get; init; }

    /// <summary>Number of problems or examples when loaded.</summary>
    public required int Problems { get; init; }

    /// <summary>Gets the unit of <see cref="Problems"/>: <c>examples</c> or <c>problems</c>.</summary>
    public string Unit => HoldsExamples ? "examples" : "problems";

    /// <summary><c>train</c> or <c>test</c>.</summary>
    public required string Split { get; init; }

    /// <summary>The value of <see cref="Problem.Source"/>.</summary>
    public required string Source { get; init; }

    /// <summary>Order-independent fingerprint of problems and answers (16 hexadecimal digits) of the copy that was checked; empty if none was.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>Possible files, relative to a data folder, in order of preference.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>The repository of the data set on the hub; null if it cannot be downloaded.</summary>
    public string? HubRepository { get; init; }

    /// <summary>Prefix of the names of the repository's files that belong to the set, with the folder before a slash if there is one.</summary>
    public string HubFiles { get; init; } = "";

    /// <summary>Value of <c>data_source</c> that selects the rows of the files; null for all rows.</summary>
    public string? HubDataSource { get; init; }

    /// <summary>The model that wrote the responses of examples; null if no model did.</summary>
    public string? Teacher { get; init; }

    /// <summary>Whether the set is generated instead of read from a file.</summary>
    public bool IsSynthetic { get; init; }

    /// <summary>Names of the sets that a mixture consists of; empty for any other set.</summary>
    public IReadOnlyList<string> Parts { get; init; } = [];

    /// <summary>Whether the published file has cut, repeated and conflicting problems, which are left out when it is loaded by name.</summary>
    public bool NeedsCleaning { get; init; }

    /// <summary>Parses difficulty and split from the name of a set of synthetic problems, such as <c>synthetic-hard-test</c>.</summary>
    internal static (SyntheticDifficulty Difficulty, SyntheticSplit Split) DifficultyAndSplit(string name)
    {
        var parts = name.Split('-');
        return (Enum.Parse<SyntheticDifficulty>(parts[1], ignoreCase: true), Enum.Parse<SyntheticSplit>(parts[2], ignoreCase: true));
    }
}
