using ParallelR1.Training;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Reproduction;

/// <summary>Finished rows that belong into one table: made by the same recipes, in the same type, by the same code, measured on the same problems.</summary>
internal sealed class RowSet
{
    /// <summary>What <c>compare</c> writes: the curve against the cap, and findings of its own.</summary>
    internal const string ComparisonFile = "comparison.json";

    private readonly Dictionary<string, IReadOnlyList<RowFigures>> _rows;

    private RowSet(IEnumerable<RowFigures> figures) =>
        _rows = figures.GroupBy(f => f.Name).ToDictionary(g => g.Key, g => (IReadOnlyList<RowFigures>)[.. g.OrderBy(f => f.Seed)]);

    /// <summary>The names of the rows that were measured, in the order of the table.</summary>
    public IReadOnlyList<string> Names => [.. ReproductionRows.InOrder(_rows.Where(r => r.Value.Any(f => f.Suites.Count > 0)).Select(r => r.Key))];

    /// <summary>The seeds of a row that were measured; none: it was not run.</summary>
    public IReadOnlyList<RowFigures> this[string row] => [.. _rows.GetValueOrDefault(row, []).Where(f => f.Suites.Count > 0)];

    /// <summary>Puts figures together.</summary>
    /// <param name="figures">The figures, and where each was read, for errors.</param>
    /// <exception cref="UsageException">They do not belong into one table; the message says what differs and where.</exception>
    public static RowSet Of(IReadOnlyList<(string Place, RowFigures Figures)> figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
        Same(figures, "in different types", f => f.Dtype, "run the rows of one of them again with --dtype");
        Same(figures, "by different training code", f => f.TrainingCode ?? (f.Commit is { } commit ? $"of commit {commit}" : "unknown"), "run the rows of one of them again");
        Same(figures, "by different graders", f => f.Grader, "run the rows of one of them again");
        foreach (var row in figures.GroupBy(f => f.Figures.Name))
            Same([.. row], $"as '{row.Key}' by different recipes or from different models", f => f.RecipeHash ?? "unknown", "run the seeds of one of them again");
        foreach (var (place, row) in figures)
        {
            if (row is { After: { } after, AfterHash: { } hash } && figures.FirstOrDefault(f => f.Figures.Name == after) is { Figures.RecipeHash: { } other, Place: var where } && other != hash)
                throw new UsageException($"{place}: '{row.Name}' started from another '{after}' than that of {where} (recipe {hash}, and {other}); rows of one table start from each other. Run one of them again");
        }

        foreach (var suite in figures.SelectMany(f => f.Figures.Suites.Select(s => (f.Place, Suite: s))).GroupBy(s => s.Suite.Name))
        {
            var first = suite.First();
            if (suite.FirstOrDefault(s => s.Suite.Correct.Count != first.Suite.Correct.Count || s.Suite.Samples != first.Suite.Samples) is { Suite: not null } other)
                throw new UsageException($"{other.Place}: {suite.Key} was measured on {other.Suite.Correct.Count} problems × {other.Suite.Samples}, in {first.Place} on {first.Suite.Correct.Count} × {first.Suite.Samples}; rows of one table answer the same problems. Measure one of them again");
        }

        return new RowSet(Once(figures));
    }

    /// <summary>Reads the rows that lie in folders, or in their <c>rows/</c>.</summary>
    /// <param name="folders">Outputs of <c>reproduce</c>, or folders with its files of rows.</param>
    /// <param name="scale">The scale that they must have.</param>
    /// <exception cref="UsageException">A folder is missing or holds no rows, a row is of another scale, or rows do not belong into one table.</exception>
    /// <exception cref="InputException">A file is damaged.</exception>
    public static RowSet Read(IReadOnlyList<string> folders, RecipeScale scale)
    {
        ArgumentNullException.ThrowIfNull(folders);
        var figures = folders.SelectMany(Files).Select(file => (Place: file, Figures: RowFigures.Read(file))).ToList();
        if (figures.FirstOrDefault(f => f.Figures.Scale != ReproductionRows.Lower(scale)) is { Figures: not null } other)
            throw new UsageException($"{other.Place}: a row of the scale '{other.Figures.Scale}', not '{ReproductionRows.Lower(scale)}'; give rows of one scale, and that scale");
        return Of(figures);
    }

    private static IEnumerable<string> Files(string folder)
    {
        if (!Directory.Exists(folder))
            throw new UsageException($"{folder}: no such folder; give outputs of reproduce, or folders with its files of rows");
        var rows = Directory.Exists(Path.Combine(folder, "rows")) ? Path.Combine(folder, "rows") : folder;
        string[] files = [.. Directory.EnumerateFiles(rows, "*.json").Where(file => Path.GetFileName(file) is not ("summary.json" or ComparisonFile)).Order(StringComparer.Ordinal)];
        return files.Length > 0 || File.Exists(Path.Combine(folder, ComparisonFile)) ? files : throw new UsageException($"{folder}: holds no rows (NAME-seedN.json, in it or in rows/); a row is written when it is finished");
    }

    private static void Same(IReadOnlyList<(string Place, RowFigures Figures)> figures, string what, Func<RowFigures, string> of, string remedy)
    {
        var groups = figures.GroupBy(f => of(f.Figures)).ToList();
        if (groups.Count > 1)
            throw new UsageException($"these rows were made {what}: {string.Join("; ", groups.Select(g => $"{g.Key} ({string.Join(", ", g.Take(3).Select(f => f.Place))}{(g.Count() > 3 ? $" and {g.Count() - 3} more" : "")})"))}. They do not belong into one table: {remedy}");
    }

    // The same row and seed may come from two folders; one that was measured wins.
    private static IEnumerable<RowFigures> Once(IReadOnlyList<(string Place, RowFigures Figures)> figures)
    {
        foreach (var same in figures.GroupBy(f => (f.Figures.Name, f.Figures.Seed)))
        {
            var measured = same.Where(f => f.Figures.Suites.Count > 0).ToList();
            if (measured.Count > 1 && measured.Skip(1).FirstOrDefault(f => !Equal(f.Figures, measured[0].Figures)) is { Figures: not null } other)
                throw new UsageException($"{other.Place} and {measured[0].Place}: both are '{same.Key.Name}' with seed {same.Key.Seed}, with different figures; leave one of them out");
            yield return measured.Count > 0 ? measured[0].Figures : same.First().Figures;
        }
    }

    private static bool Equal(RowFigures a, RowFigures b) =>
        a.Suites.Count == b.Suites.Count && a.Suites.Zip(b.Suites).All(pair => pair.First.Name == pair.Second.Name && pair.First.Correct.SequenceEqual(pair.Second.Correct));
}
