namespace ParallelR1.Reproduction;

/// <summary>The figures of the publication (Zheng et al. 2025, tables 2 to 4; Qwen3-4B-Base), in per cent.</summary>
internal static class PublishedTable
{
    private static readonly Dictionary<string, PublishedRow> s_rows = new()
    {
        ["base"] = Row(0, (1.3, 10.2), (2.9, 16.5), (8.1, 51.2), 13.9, 6.6),
        ["sft-seen"] = Row(95.6, (8.0, 29.8), (10.6, 26.4), (48.9, 79.2), 76.6, 36.0),
        ["sft-unseen"] = Row(95.6, (5.2, 20.9), (8.5, 26.7), (41.7, 80.1), 71.5, 31.7),
        ["grpo"] = Row(0, (14.8, 32.4), (18.5, 30.6), (63.6, 85.1), 83.5, 45.1),
        ["grpo-after-easy-rl"] = Row(0, (13.3, 26.3), (18.8, 34.9), (66.4, 82.2), 82.6, 45.3),
        ["seen"] = Row(27.3, (19.2, 38.9), (19.4, 37.1), (70.5, 85.0), 86.7, 48.9),
        ["unseen-s1"] = Row(13.6, (17.7, 37.8), (18.3, 33.2), (69.7, 88.9), 82.6, 47.1),
        ["unseen-s2"] = Row(63.0, (19.0, 42.2), (16.3, 31.8), (67.5, 91.5), 84.5, 46.8),
        ["ablation-seen-no-easy-rl"] = Row(null, (17.9, null), (19.0, null), (65.0, null), 84.5, 46.6),
        ["ablation-seen-no-prompt"] = Row(null, (20.4, null), (16.5, null), (66.7, null), 84.8, 47.1),
        ["ablation-s1-after-easy-rl"] = Row(null, (14.4, null), (12.9, null), (52.3, null), 74.4, 38.5),
        ["ablation-parallel-only"] = Row(80.3, (17.7, null), (15.2, null), (59.4, null), 81.7, null),
    };

    /// <summary>Gets the published values of a row; null if there are none.</summary>
    public static PublishedRow? Find(string row) => s_rows.GetValueOrDefault(row);

    private static PublishedRow Row(double? parallel, (double, double?) aime25, (double, double?) aime24, (double, double?) amc23, double math, double? average) => new(
        parallel, average, new Dictionary<string, (double, double?)> { ["aime25"] = aime25, ["aime24"] = aime24, ["amc23"] = amc23, ["math-316"] = (math, null) });
}

/// <summary>Published values of a row, in per cent.</summary>
/// <param name="Parallel">Responses with a block; null: not published.</param>
/// <param name="Average">Mean over the suites; null: not published.</param>
/// <param name="Suites">For each suite mean@k, and pass@k where it was published.</param>
internal sealed record PublishedRow(double? Parallel, double? Average, IReadOnlyDictionary<string, (double MeanAtK, double? PassAtK)> Suites);
