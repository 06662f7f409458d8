using ParallelR1.Data;
using ParallelR1.Data.Synthetic;

namespace ParallelR1.Training;

/// <summary>Number of rows of a set and their mean lengths in tokens, for estimates that do not require the set itself.</summary>
/// <param name="Rows">Number of rows; null if unlimited or unknown.</param>
/// <param name="Problem">Mean number of tokens of a problem.</param>
/// <param name="Response">Mean number of tokens of a complete solution.</param>
internal sealed record DatasetLengths(long? Rows, int Problem, int Response)
{
    // Synthetic sets: measured on 4,000 rows (docs/mini.md). Others: means over the sets with the tokenizers of their scales, rounded; responses to
    // competition problems are those of a trained model of 4 B parameters.
    private static readonly (string Prefix, int Problem, int Response)[] s_known =
    [
        ("synthetic-cold-start", 34, 125), ("synthetic-sequential", 34, 139), ("synthetic-easy", 33, 108), ("synthetic-hard", 36, 232),
        ("parallel-gsm8k", 60, 350), ("gsm8k", 60, 250), ("dapo", 100, 1500), ("aime", 120, 2000), ("amc", 90, 1400), ("math", 80, 900),
    ];

    /// <summary>Gets the known figures of a set, or default ones for a file.</summary>
    public static DatasetLengths Of(string? nameOrFile)
    {
        var name = nameOrFile is null ? "" : Path.GetFileNameWithoutExtension(nameOrFile);
        var (_, problem, response) = Array.Find(s_known, known => name.StartsWith(known.Prefix, StringComparison.Ordinal)) is { Prefix: not null } known ? known : ("", 100, 500);
        var rows = SyntheticSets.Names.Contains(name) && KnownSets.Find(name) is null ? null : (KnownSets.Find(name) ?? ExampleSets.Find(name))?.Problems;
        return new DatasetLengths(rows, problem, response);
    }
}
