using System.Text.Json.Nodes;

namespace ParallelR1.Data.Synthetic;

/// <summary>Endless sets of synthetic problems and solutions, by name, for recipes that want no files.</summary>
/// <remarks>Row <c>i</c> of a set depends on name, seed and <c>i</c> alone. The fields are those of the files of <see cref="SyntheticFolder"/>.</remarks>
public static class SyntheticSets
{
    /// <summary>Solutions without tags, by either route; a share of the problems is hard.</summary>
    public const string SequentialSolutions = "synthetic-sequential";

    /// <summary>Parallel solutions of easy problems.</summary>
    public const string ColdStart = "synthetic-cold-start";

    /// <summary>The share of hard problems among sequential solutions unless another is asked for.</summary>
    public const double DefaultHardShare = 0.25;

    internal const string Source = "synthetic";

    private const string Easy = "synthetic-easy";
    private const string Hard = "synthetic-hard";

    /// <summary>All names: problems by difficulty and split, and the two sets of solutions.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [$"{Easy}-train", $"{Easy}-test", $"{Hard}-train", $"{Hard}-test", SequentialSolutions, ColdStart];

    /// <summary>The rows of a set, without end.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="seed">Everything is drawn from it.</param>
    /// <param name="hardShare">Share of hard problems, for <see cref="SequentialSolutions"/>; 0 to 1.</param>
    /// <exception cref="UsageException">No such set.</exception>
    public static IEnumerable<JsonObject> Rows(string name, long seed, double hardShare = DefaultHardShare)
    {
        if (!Names.Contains(name))
            throw new UsageException($"{name}: no such synthetic set; there are {string.Join(", ", Names)}");
        ArgumentOutOfRangeException.ThrowIfNegative(hardShare);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hardShare, 1);
        return Generate(name, KeyOf(name, seed), hardShare);
    }

    internal static RandomKey KeyOf(string name, long seed) => RandomKey.FromSeed(seed).Fold(name);

    private static IEnumerable<JsonObject> Generate(string name, RandomKey key, double hardShare)
    {
        for (long i = 0; ; i++)
            yield return Row(name, key.Fold(i), i, hardShare);
    }

    private static JsonObject Row(string name, RandomKey key, long index, double hardShare)
    {
        var id = $"{name}-{index}";
        if (name == ColdStart)
            return SyntheticRecords.Parallel(id, SyntheticProblems.Draw(SyntheticDifficulty.Easy, SyntheticSplit.Train, key), key);
        if (name == SequentialSolutions)
        {
            var difficulty = key.Fold("difficulty").Uniform() < hardShare ? SyntheticDifficulty.Hard : SyntheticDifficulty.Easy;
            return SyntheticRecords.Sequential(id, SyntheticProblems.Draw(difficulty, SyntheticSplit.Train, key), key);
        }

        var hard = name.StartsWith(Hard, StringComparison.Ordinal);
        var split = name.EndsWith("test", StringComparison.Ordinal) ? SyntheticSplit.Test : SyntheticSplit.Train;
        return SyntheticRecords.Problem(id, SyntheticProblems.Draw(hard ? SyntheticDifficulty.Hard : SyntheticDifficulty.Easy, split, key));
    }
}
