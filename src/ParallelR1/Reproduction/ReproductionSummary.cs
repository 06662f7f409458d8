using ParallelR1.Evaluation;
using ParallelR1.Training;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Reproduction;

/// <summary>Makes the table out of finished rows: rows, comparisons, curve and findings.</summary>
internal static class ReproductionSummary
{
    /// <summary>Which rows are set against which: what is asked of them beyond the findings.</summary>
    private static readonly (string A, string B)[] s_pairs =
    [
        ("unseen-s2", "control"), ("ours-numbered", "control"), ("unseen-s2", "base"), ("ours-numbered", "base"), ("unseen-s2", "grpo"), ("seen", "grpo"), ("seen", "unseen-s1"),
        ("unseen-s2", "unseen-s1"), ("sft-seen", "sft-unseen"), ("mid-training", "control"), ("grpo-after-easy-rl", "grpo"), ("seen", "ablation-seen-no-easy-rl"),
        ("seen", "ablation-seen-no-prompt"), ("ablation-s1-after-easy-rl", "unseen-s1"), ("ablation-parallel-only", "unseen-s2"), ("ablation-alternation-5-of-10", "unseen-s2"),
        ("ablation-alternation-16-of-20", "unseen-s2"), ("ours-numbered", "unseen-s2"), ("ours-4-paths", "ours-3-paths"), ("ours-credit-by-part", "ours-numbered"),
    ];

    /// <summary>Makes it.</summary>
    /// <param name="scale">The scale of the rows.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="compared">What <c>compare</c> made of models of these rows; null: nothing.</param>
    public static Summary Of(RecipeScale scale, RowSet rows, IReadOnlyList<Summary>? compared = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        compared ??= [];
        var curve = rows.Names.SelectMany(name => rows[name].SelectMany(seed => seed.Curve ?? []).GroupBy(p => (p.Paths, p.Cap)).Select(seeds => Mean(name, [.. seeds])))
            .Concat(compared.SelectMany(other => other.Curve ?? [])).ToList();
        return new Summary
        {
            Rows = [.. rows.Names.Select(name => RowFigures.ToSummary(rows[name]))],
            Comparisons = [.. s_pairs.SelectMany(pair => Compare(rows, pair.A, pair.B))],
            Curve = curve.Count > 0 ? curve : null,
            Findings = [.. Findings.Of(scale, rows), .. compared.SelectMany(other => other.Findings ?? [])],
        };
    }

    // On the seeds that both have.
    private static IEnumerable<Comparison> Compare(RowSet rows, string a, string b)
    {
        (RowFigures A, RowFigures B)[] seeds = [.. from x in rows[a] from y in rows[b] where x.Seed == y.Seed select (x, y)];
        if (seeds.Length == 0)
            yield break;
        foreach (var suite in seeds[0].A.Suites.Select(s => s.Name).Where(name => seeds.All(s => s.A.Suites.Any(x => x.Name == name) && s.B.Suites.Any(x => x.Name == name))))
            yield return Comparison.Of((a, [.. seeds.Select(s => s.A.Suites.First(x => x.Name == suite))]), (b, [.. seeds.Select(s => s.B.Suites.First(x => x.Name == suite))]));
    }

    // The widest interval of a seed: the seeds' problems are the same, so that averaging bounds would narrow them without reason.
    private static CurvePoint Mean(string name, IReadOnlyList<CurvePoint> seeds) => seeds[0] with
    {
        Row = name,
        MeanAtK = seeds.Average(p => p.MeanAtK),
        Low = seeds.Average(p => p.MeanAtK) - seeds.Max(p => p.MeanAtK - p.Low),
        High = seeds.Average(p => p.MeanAtK) + seeds.Max(p => p.High - p.MeanAtK),
        SecondsPerAnswer = seeds.All(p => p.SecondsPerAnswer is not null) ? seeds.Average(p => p.SecondsPerAnswer) : null,
    };
}
