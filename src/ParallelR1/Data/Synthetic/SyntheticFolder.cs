using System.Text.Json;
using System.Text.Json.Nodes;
using ParallelR1.IO;

namespace ParallelR1.Data.Synthetic;

/// <summary>Writes a folder of synthetic problems and solutions as JSON lines.</summary>
/// <remarks>
/// <c>easy-train.jsonl</c>, <c>easy-test.jsonl</c>, <c>hard-train.jsonl</c>, <c>hard-validation.jsonl</c> and <c>hard-test.jsonl</c> hold
/// problems, without duplicate texts within a file; <c>sequential.jsonl</c> holds solutions without tags, mostly of easy training problems;
/// <c>cold-start.jsonl</c>, <c>cold-start-numbered.jsonl</c> and <c>cold-start-sequential.jsonl</c> hold cold-start examples in three forms;
/// <c>manifest.json</c> holds counts and seed.
/// </remarks>
public static class SyntheticFolder
{
    private const string Prefix = "synthetic-";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes the files, the manifest last. The folder is created if it does not exist; each file is written atomically.</summary>
    /// <param name="folder">The folder to write to.</param>
    /// <param name="options">Seed and number of rows per file.</param>
    /// <param name="solve">Solves problems with a model, several times each, without tags: texts to the responses to each. Where one of them is a wrong route, a path of the
    /// cold start's block takes it, without loss. Null: all routes are right.</param>
    /// <param name="cancellation">Stops the work between two rows; files that are complete stay.</param>
    /// <returns>The manifest.</returns>
    /// <exception cref="UsageException">A count is negative, the share is outside 0 to 1, or more distinct problems are asked for than exist.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static JsonObject Write(string folder, SyntheticFolderOptions options, Func<IReadOnlyList<string>, IReadOnlyList<IReadOnlyList<string>>>? solve = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Directory.CreateDirectory(folder);
        var files = new JsonObject();
        void File(string name, IEnumerable<JsonObject> rows, string countBy) =>
            files[name] = WriteFile(Path.Combine(folder, $"{name}.jsonl"), rows, countBy, cancellation);

        foreach (var (set, count) in new[] { ("easy-train", options.Easy), ("easy-test", options.EasyTest), ("hard-train", options.Hard), ("hard-validation", options.HardTest), ("hard-test", options.HardTest) })
            File(set, Problems($"{Prefix}{set}", count, options.Seed), "kind");
        File("sequential", SyntheticSets.Rows(SyntheticSets.SequentialSolutions, options.Seed, options.HardShare).Take(options.Sequential), "difficulty");
        var wrong = WrongRoutes(options, solve);
        foreach (var set in new[] { SyntheticSets.ColdStart, SyntheticSets.NumberedColdStart, SyntheticSets.SequentialColdStart })
            File(set[Prefix.Length..], SyntheticSets.ColdStartRows(set, options.Seed, set == SyntheticSets.SequentialColdStart ? [] : wrong).Take(options.ColdStart), "kind");

        var manifest = new JsonObject { ["source"] = SyntheticSets.Source, ["seed"] = options.Seed, ["files"] = files };
        AtomicFile.WriteText(Path.Combine(folder, "manifest.json"), manifest.ToJsonString(Indented) + "\n");
        return manifest;
    }

    private static Dictionary<string, SyntheticRoute> WrongRoutes(SyntheticFolderOptions options, Func<IReadOnlyList<string>, IReadOnlyList<IReadOnlyList<string>>>? solve)
    {
        if (solve is null)
            return [];
        SyntheticProblem[] problems = [.. SyntheticSets.CheckedProblems(options.Seed).Take(options.ColdStart).OfType<SyntheticProblem>().DistinctBy(problem => problem.Text)];
        return problems.Zip(solve([.. problems.Select(problem => problem.Text)]), (problem, responses) => (problem.Text, Route: responses.Select(problem.WrongRoute).FirstOrDefault(route => route is not null)))
            .Where(found => found.Route is not null).ToDictionary(found => found.Text, found => found.Route!);
    }

    /// <summary>Gets the first problems of a set, such as <c>synthetic-hard-test</c>.</summary>
    internal static IEnumerable<JsonObject> Problems(string set, int count, long seed) =>
        Drawn(set, count, seed).Select((problem, i) => SyntheticRecords.Problem($"{set}-{i}", problem));

    /// <summary>Draws the problems of a known set.</summary>
    internal static IEnumerable<SyntheticProblem> Drawn(KnownSet set) => Drawn(set.Name, set.Problems, new SyntheticFolderOptions().Seed);

    private static IEnumerable<SyntheticProblem> Drawn(string set, int count, long seed)
    {
        var (difficulty, split) = KnownSet.DifficultyAndSplit(set);
        return SyntheticProblems.Distinct(difficulty, split, SyntheticSets.KeyOf(set, seed), count);
    }

    private static JsonObject WriteFile(string path, IEnumerable<JsonObject> rows, string countBy, CancellationToken cancellation)
    {
        var (counts, wrong) = (new SortedDictionary<string, int>(StringComparer.Ordinal), 0);
        using var file = AtomicFile.Open(path);
        foreach (var row in rows)
        {
            cancellation.ThrowIfCancellationRequested();
            var group = (string)row["meta"]![countBy]!;
            counts[group] = counts.GetValueOrDefault(group) + 1;
            wrong += row["meta"]![SyntheticRecords.WrongResult] is null ? 0 : 1;
            JsonLines.Write(file.Stream, row);
        }

        file.Commit();
        var written = new JsonObject
        {
            ["count"] = counts.Values.Sum(),
            [$"by_{countBy}"] = new JsonObject(counts.Select(x => KeyValuePair.Create(x.Key, (JsonNode?)x.Value))),
        };
        if (wrong > 0)
            written["with_wrong_path"] = wrong;
        return written;
    }
}
