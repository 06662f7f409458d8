using System.Text.Json;
using System.Text.Json.Nodes;
using ParallelR1.IO;

namespace ParallelR1.Data.Synthetic;

/// <summary>Writes a folder of synthetic problems and solutions as JSON lines.</summary>
/// <remarks>
/// <c>easy-train.jsonl</c>, <c>easy-test.jsonl</c>, <c>hard-train.jsonl</c>, <c>hard-test.jsonl</c> hold problems, no two of a file with
/// the same text, and so does <c>hard-validation.jsonl</c>; <c>sequential.jsonl</c> solutions without tags, mostly of easy training problems;
/// <c>cold-start.jsonl</c>, <c>cold-start-numbered.jsonl</c> and <c>cold-start-sequential.jsonl</c> examples for a cold start in three forms;
/// <c>manifest.json</c> counts and seed.
/// </remarks>
public static class SyntheticFolder
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Creates the folder if need be and writes the files; each appears whole or not at all, the manifest last.</summary>
    /// <returns>The manifest.</returns>
    /// <exception cref="UsageException">A count is negative, or there are not as many different problems.</exception>
    public static JsonObject Write(string folder, SyntheticFolderOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Directory.CreateDirectory(folder);
        var files = new JsonObject();
        void File(string name, IEnumerable<JsonObject> rows, string countBy) =>
            files[name] = WriteFile(Path.Combine(folder, $"{name}.jsonl"), rows, countBy, cancellation);

        File("easy-train", Problems("easy-train", SyntheticDifficulty.Easy, SyntheticSplit.Train, options.Easy, options.Seed), "kind");
        File("easy-test", Problems("easy-test", SyntheticDifficulty.Easy, SyntheticSplit.Test, options.EasyTest, options.Seed), "kind");
        File("hard-train", Problems("hard-train", SyntheticDifficulty.Hard, SyntheticSplit.Train, options.Hard, options.Seed), "kind");
        File("hard-validation", Problems("hard-validation", SyntheticDifficulty.Hard, SyntheticSplit.Validation, options.HardTest, options.Seed), "kind");
        File("hard-test", Problems("hard-test", SyntheticDifficulty.Hard, SyntheticSplit.Test, options.HardTest, options.Seed), "kind");
        File("sequential", SyntheticSets.Rows(SyntheticSets.SequentialSolutions, options.Seed, options.HardShare).Take(options.Sequential), "difficulty");
        foreach (var set in new[] { SyntheticSets.ColdStart, SyntheticSets.NumberedColdStart, SyntheticSets.SequentialColdStart })
            File(set["synthetic-".Length..], SyntheticSets.Rows(set, options.Seed).Take(options.ColdStart), "kind");

        var manifest = new JsonObject { ["source"] = SyntheticSets.Source, ["seed"] = options.Seed, ["files"] = files };
        AtomicFile.WriteText(Path.Combine(folder, "manifest.json"), manifest.ToJsonString(Indented) + "\n");
        return manifest;
    }

    /// <summary>The problems of a file of the folder.</summary>
    internal static IEnumerable<JsonObject> Problems(string name, SyntheticDifficulty difficulty, SyntheticSplit split, int count, long seed) =>
        Drawn(name, difficulty, split, count, seed).Select((problem, i) => SyntheticRecords.Problem($"synthetic-{name}-{i}", problem));

    /// <summary>The problems of a known set.</summary>
    internal static IEnumerable<SyntheticProblem> Drawn(KnownSet set)
    {
        var parts = set.Name.Split('-');
        return Drawn(
            $"{parts[1]}-{parts[2]}", Enum.Parse<SyntheticDifficulty>(parts[1], ignoreCase: true), Enum.Parse<SyntheticSplit>(parts[2], ignoreCase: true),
            set.Problems, new SyntheticFolderOptions().Seed);
    }

    private static IEnumerable<SyntheticProblem> Drawn(string name, SyntheticDifficulty difficulty, SyntheticSplit split, int count, long seed) =>
        SyntheticProblems.Distinct(difficulty, split, SyntheticSets.KeyOf($"synthetic-{name}", seed), count);

    private static JsonObject WriteFile(string path, IEnumerable<JsonObject> rows, string countBy, CancellationToken cancellation)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        using var file = AtomicFile.Open(path);
        foreach (var row in rows)
        {
            cancellation.ThrowIfCancellationRequested();
            var group = (string)row["meta"]![countBy]!;
            counts[group] = counts.GetValueOrDefault(group) + 1;
            JsonLines.Write(file.Stream, row);
        }

        file.Commit();
        return new JsonObject
        {
            ["count"] = counts.Values.Sum(),
            [$"by_{countBy}"] = new JsonObject(counts.Select(x => KeyValuePair.Create(x.Key, (JsonNode?)x.Value))),
        };
    }
}
