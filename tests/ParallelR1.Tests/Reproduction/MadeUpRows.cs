using ParallelR1.Evaluation;
using ParallelR1.Reproduction;
using ParallelR1.Training;

namespace ParallelR1.Tests.Reproduction;

/// <summary>Finished rows that nobody ran.</summary>
internal static class MadeUpRows
{
    /// <summary>A row of 40 problems × 4 samples.</summary>
    /// <param name="name">The row.</param>
    /// <param name="correct">Correct responses of each problem.</param>
    /// <param name="opened">Responses with a block of each problem.</param>
    /// <param name="seed">The seed.</param>
    public static RowFigures Row(string name, double correct = 2, double opened = 0, long seed = 1)
    {
        int[] right = Spread(correct), blocks = Spread(opened);
        return new RowFigures
        {
            Name = name,
            Recipe = $"mini/{name}",
            Scale = "mini",
            Seed = seed,
            Contents = $"{name}-{seed}",
            RecipeHash = $"hash-of-{name}",
            TrainingCode = "code",
            Commit = "commit",
            Grader = "strict",
            Dtype = "f32",
            Processor = "none",
            Cap = 192,
            Suites = [new SuiteResult { Name = "suite", Samples = 4, Correct = right, Opened = blocks, WithBlock = blocks.Sum(), TokensTotal = 1600, TokensCriticalPath = 800 }],
        };
    }

    public static RowSet Set(params RowFigures[] rows) => RowSet.Of([.. rows.Select(row => ($"{row.Name}-seed{row.Seed}.json", row))]);

    // A mean of 1.5 as ones and twos by turns.
    private static int[] Spread(double mean) => [.. Enumerable.Range(0, 40).Select(i => (int)(Math.Floor(mean * (i + 1)) - Math.Floor(mean * i)))];
}
