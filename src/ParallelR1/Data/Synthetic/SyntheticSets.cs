using System.Text.Json.Nodes;

namespace ParallelR1.Data.Synthetic;

/// <summary>Endless sets of synthetic problems and solutions, by name.</summary>
/// <remarks>Row <c>i</c> of a set depends on name, seed and <c>i</c> only. The fields are those of the files of <see cref="SyntheticFolder"/>.</remarks>
internal static class SyntheticSets
{
    /// <summary>Name of the set of solutions without tags, of easy and hard problems.</summary>
    public const string SequentialSolutions = "synthetic-sequential";

    /// <summary>Name of the set of parallel solutions of easy problems, mixed with solutions without tags.</summary>
    public const string ColdStart = "synthetic-cold-start";

    /// <summary>Name of the same set with numbered paths.</summary>
    public const string NumberedColdStart = "synthetic-cold-start-numbered";

    /// <summary>Name of the same set without tags, one part after the other.</summary>
    public const string SequentialColdStart = "synthetic-cold-start-sequential";

    /// <summary>Default share of hard problems among solutions without tags.</summary>
    public const double DefaultHardShare = 0.25;

    internal const string Source = "synthetic";

    private const string Easy = "synthetic-easy";
    private const string Hard = "synthetic-hard";

    // Shares of the rows of a cold start; the rest are parallel solutions of easy problems. Hard problems other than searches are replayed so
    // that they are not forgotten, easy ones so that opening a block stays a choice; searches through long ranges are left to RL.
    private const double HardReplay = 0.45;
    private const double EasyReplay = 0.1;

    /// <summary>Gets all names: problems by difficulty and split, and the sets of solutions.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        $"{Easy}-train", $"{Easy}-validation", $"{Easy}-test", $"{Hard}-train", $"{Hard}-validation", $"{Hard}-test",
        SequentialSolutions, ColdStart, NumberedColdStart, SequentialColdStart,
    ];

    /// <summary>Gets the rows of a set, without end.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="seed">Seed of all draws.</param>
    /// <param name="hardShare">Share of hard problems in <see cref="SequentialSolutions"/>, 0 to 1.</param>
    /// <exception cref="UsageException">There is no set of that name.</exception>
    public static IEnumerable<JsonObject> Rows(string name, long seed, double hardShare = DefaultHardShare)
    {
        if (!Names.Contains(name))
            throw new UsageException($"{name}: no such synthetic set; there are {string.Join(", ", Names)}");
        ArgumentOutOfRangeException.ThrowIfNegative(hardShare);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hardShare, 1);
        return Generate(name, KeyOf(FormOf(name) is null ? name : ColdStart, seed), hardShare); // one key for all forms: the same problems
    }

    internal static RandomKey KeyOf(string name, long seed) => RandomKey.FromSeed(seed).Fold(name);

    private static IEnumerable<JsonObject> Generate(string name, RandomKey key, double hardShare)
    {
        for (long i = 0; ; i++)
            yield return Row(name, key.Fold(i), $"{name}-{i}", hardShare);
    }

    private static JsonObject Row(string name, RandomKey key, string id, double hardShare)
    {
        if (FormOf(name) is { } form)
            return ColdStartRow(form, key, id);
        if (name == SequentialSolutions)
        {
            var difficulty = key.Fold("difficulty").Uniform() < hardShare ? SyntheticDifficulty.Hard : SyntheticDifficulty.Easy;
            return SyntheticRecords.Sequential(id, SyntheticProblems.Draw(difficulty, SyntheticSplit.Train, key), key);
        }

        var (hardness, split) = KnownSet.DifficultyAndSplit(name);
        return SyntheticRecords.Problem(id, SyntheticProblems.Draw(hardness, split, key));
    }

    /// <summary>Gets the rows of a cold start in which paths take wrong routes.</summary>
    /// <param name="name">One of the three cold starts.</param>
    /// <param name="seed">Seed of all draws.</param>
    /// <param name="wrong">Wrong routes by the text of the problem; the other rows are those of <see cref="Rows"/>.</param>
    internal static IEnumerable<JsonObject> ColdStartRows(string name, long seed, IReadOnlyDictionary<string, SyntheticRoute> wrong)
    {
        var key = KeyOf(ColdStart, seed);
        for (long i = 0; ; i++)
            yield return ColdStartRow(FormOf(name)!.Value, key.Fold(i), $"{name}-{i}", wrong);
    }

    /// <summary>Gets the problems of a cold start that are checked in a block, without end.</summary>
    internal static IEnumerable<SyntheticProblem?> CheckedProblems(long seed)
    {
        var key = KeyOf(ColdStart, seed);
        for (long i = 0; ; i++)
            yield return ColdStartProblem(key.Fold(i)) is (var problem, InBlock: true) && problem.Search is null ? problem : null;
    }

    private static JsonObject ColdStartRow(SolutionForm form, RandomKey key, string id, IReadOnlyDictionary<string, SyntheticRoute>? wrong = null)
    {
        var (problem, inBlock) = ColdStartProblem(key);
        return inBlock ? SyntheticRecords.Parallel(id, problem, key, form, wrong?.GetValueOrDefault(problem.Text)) : SyntheticRecords.Sequential(id, problem, key);
    }

    private static (SyntheticProblem Problem, bool InBlock) ColdStartProblem(RandomKey key)
    {
        var what = key.Fold("what").Uniform();
        if (what >= HardReplay)
            return (SyntheticProblems.Draw(SyntheticDifficulty.Easy, SyntheticSplit.Train, key), what >= HardReplay + EasyReplay);
        for (var attempt = 0; ; attempt++)
        {
            if (SyntheticProblems.Draw(SyntheticDifficulty.Hard, SyntheticSplit.Train, key.Fold(attempt)) is { Search: null } hard)
                return (hard, false);
        }
    }

    private static SolutionForm? FormOf(string name) => name switch
    {
        ColdStart => SolutionForm.Parallel,
        NumberedColdStart => SolutionForm.Numbered,
        SequentialColdStart => SolutionForm.Sequential,
        _ => null,
    };
}
