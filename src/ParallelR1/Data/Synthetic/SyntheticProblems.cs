using ParallelR1.Data.Synthetic.Kinds;

namespace ParallelR1.Data.Synthetic;

/// <summary>
/// Draws word problems with integer answers. Every answer is computed by a formula and by both routes, which must agree.
/// </summary>
internal static class SyntheticProblems
{
    private const int Attempts = 10_000;

    // One problem in ten belongs to the test split, one to validation.
    private const int SplitShare = 10;

    // Families that have both a short and a long form.
    private const string Count = "count-in-range";
    private const string Divisors = "divisors-in-range";
    private const string Best = "best-in-range";

    // A short range can begin wherever a slice of a long range can, so that easy problems cover the first line of every slice.
    private static readonly ProblemKind[] Easy =
    [
        new SamePrice(), new Boxes(), new FourNumbers(), new DailyLead(), new EqualShares(),
        new PairOfList("pair-of-three", SyntheticDifficulty.Easy, 3), new ReachProduct(),
        .. Often(
            new OneRemainder(), new SumAndProduct("sum-and-product-in-short-range", SyntheticDifficulty.Easy),
            new CountInRange("count-in-short-range", SyntheticDifficulty.Easy, 68, 4, 16) { Family = Count },
            new DivisorsInRange("divisors-in-short-range", SyntheticDifficulty.Easy, 24, 4, 16) { Family = Divisors },
            new BestInRange("best-in-short-range", SyntheticDifficulty.Easy, 26, 4, 16) { Family = Best }),
    ];

    private static readonly ProblemKind[] Hard =
    [
        new PairOfList("pair-of-list", SyntheticDifficulty.Hard, 5), new ReachTarget(), new LongStory(), new Change(),
        .. Often(
            new FindInRange(), new SumAndProduct("sum-and-product", SyntheticDifficulty.Hard),
            new CountInRange(Count, SyntheticDifficulty.Hard, 40, 12, 24),
            new DivisorsInRange(Divisors, SyntheticDifficulty.Hard, 6, 12, 24),
            new BestInRange(Best, SyntheticDifficulty.Hard, 8, 12, 24)),
    ];

    /// <summary>Gets the names of the kinds of a difficulty.</summary>
    public static IReadOnlyList<string> Kinds(SyntheticDifficulty difficulty) => [.. Of(difficulty).Select(x => x.Name).Distinct()];

    /// <summary>Draws the problem of a key; equal keys give equal problems.</summary>
    public static SyntheticProblem Draw(SyntheticDifficulty difficulty, SyntheticSplit split, RandomKey key)
    {
        var kinds = Of(difficulty);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var draws = new Draws(key.Fold(attempt));
            var kind = draws.Pick(kinds);
            if (kind.Draw(draws) is { } draft && SplitOf(kind, draft.Numbers) == split)
                return Checked(kind, split, draft);
        }

        throw new InvalidOperationException($"no {difficulty} problem of the {split} split in {Attempts} attempts");
    }

    /// <summary>Draws an endless stream of problems, the <c>i</c>-th from <c>key.Fold(i)</c>. Problems may repeat.</summary>
    public static IEnumerable<SyntheticProblem> Stream(SyntheticDifficulty difficulty, SyntheticSplit split, RandomKey key)
    {
        for (long i = 0; ; i++)
            yield return Draw(difficulty, split, key.Fold(i));
    }

    /// <summary>Draws problems with distinct texts.</summary>
    /// <exception cref="UsageException">More are asked for than exist.</exception>
    public static IEnumerable<SyntheticProblem> Distinct(SyntheticDifficulty difficulty, SyntheticSplit split, RandomKey key, int count)
    {
        var seen = new HashSet<string>();
        var repeats = 0;
        foreach (var problem in Stream(difficulty, split, key))
        {
            if (seen.Count == count)
                yield break;
            if (seen.Add(problem.Text))
            {
                repeats = 0;
                yield return problem;
            }
            else if (++repeats == Attempts)
            {
                throw new UsageException($"found only {seen.Count} distinct {difficulty} problems for {split}, expected {count}; ask for at most that many");
            }
        }
    }

    private static ProblemKind[] Of(SyntheticDifficulty difficulty) => difficulty == SyntheticDifficulty.Easy ? Easy : Hard;

    // Searches, which can be split into slices, are drawn twice as often as the other kinds.
    private static IEnumerable<ProblemKind> Often(params ProblemKind[] kinds) => [.. kinds, .. kinds];

    // The split depends on family and numbers alone, not on names, wording or the short or long form: a test problem is never a training
    // problem with other names in it.
    private static SyntheticSplit SplitOf(ProblemKind kind, int[] numbers)
    {
        var key = RandomKey.FromSeed(0).Fold(kind.Family);
        foreach (var number in numbers)
            key = key.Fold(number);
        return key.Next(SplitShare) switch
        {
            0 => SyntheticSplit.Test,
            1 => SyntheticSplit.Validation,
            _ => SyntheticSplit.Train,
        };
    }

    private static SyntheticProblem Checked(ProblemKind kind, SyntheticSplit split, Draft draft)
    {
        if (draft.First.Result != draft.Answer || draft.Second.Result != draft.Answer)
            throw new InvalidOperationException($"{kind.Name}: the routes give {draft.First.Result} and {draft.Second.Result}, the formula {draft.Answer}: {draft.Text}");
        return new SyntheticProblem(kind.Name, kind.Difficulty, split, draft.Text, draft.Answer, draft.First, draft.Second) { Search = draft.Search };
    }
}
