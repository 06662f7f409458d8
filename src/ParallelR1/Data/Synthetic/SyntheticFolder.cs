using System.Text.Json.Nodes;
using ParallelR1.IO;

namespace ParallelR1.Data.Synthetic;

/// <summary>Writes a folder of synthetic problems and solutions as JSON lines.</summary>
/// <remarks>
/// <c>easy-train.jsonl</c>, <c>easy-test.jsonl</c>, <c>hard-train.jsonl</c>, <c>hard-test.jsonl</c> hold problems;
/// <c>sequential.jsonl</c> solutions without tags (every easy training problem, and hard ones up to <see cref="SyntheticFolderOptions.HardShare"/>);
/// <c>cold-start.jsonl</c> a parallel solution of every easy training problem; <c>manifest.json</c> counts and seed.
/// No two problems of a file have the same text.
/// </remarks>
public static class SyntheticFolder
{
    private const string Source = "synthetic";

    /// <summary>Creates the folder if need be and writes the files; each appears whole or not at all, the manifest last.</summary>
    /// <returns>The manifest.</returns>
    /// <exception cref="UsageException">A count is negative, or there are not as many different problems.</exception>
    public static JsonObject Write(string folder, SyntheticFolderOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Directory.CreateDirectory(folder);
        var key = RandomKey.FromSeed(options.Seed).Fold(Source);
        var counts = new JsonObject();
        using (var sequential = AtomicFile.Open(Path.Combine(folder, "sequential.jsonl")))
        using (var coldStart = AtomicFile.Open(Path.Combine(folder, "cold-start.jsonl")))
        {
            var written = 0;
            var limit = options.Easy;
            void Solve(string id, SyntheticProblem problem)
            {
                var draw = key.Fold(id);
                if (problem.Difficulty == SyntheticDifficulty.Easy)
                    JsonLines.Write(coldStart.Stream, Solution(id, problem, problem.Parallel(draw.Fold("parallel"))));
                if (written++ < limit)
                    JsonLines.Write(sequential.Stream, Solution(id, problem, problem.Sequential(draw.Fold("sequential"))));
            }

            counts["easy-train"] = Problems(folder, "easy-train", SyntheticDifficulty.Easy, SyntheticSplit.Train, options.Easy, key, Solve, cancellation);
            var hard = (int)Math.Min(options.Hard, options.Easy * options.HardShare / (1 - options.HardShare));
            (written, limit) = (0, hard);
            counts["hard-train"] = Problems(folder, "hard-train", SyntheticDifficulty.Hard, SyntheticSplit.Train, options.Hard, key, Solve, cancellation);
            counts["easy-test"] = Problems(folder, "easy-test", SyntheticDifficulty.Easy, SyntheticSplit.Test, options.EasyTest, key, null, cancellation);
            counts["hard-test"] = Problems(folder, "hard-test", SyntheticDifficulty.Hard, SyntheticSplit.Test, options.HardTest, key, null, cancellation);
            counts["sequential"] = new JsonObject { ["count"] = options.Easy + hard, ["easy"] = options.Easy, ["hard"] = hard };
            counts["cold-start"] = new JsonObject { ["count"] = options.Easy };
            sequential.Commit();
            coldStart.Commit();
        }

        var manifest = new JsonObject { ["source"] = Source, ["seed"] = options.Seed, ["files"] = counts };
        AtomicFile.WriteText(Path.Combine(folder, "manifest.json"), manifest.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true }) + "\n");
        return manifest;
    }

    private static JsonObject Problems(
        string folder,
        string name,
        SyntheticDifficulty difficulty,
        SyntheticSplit split,
        int count,
        RandomKey key,
        Action<string, SyntheticProblem>? also,
        CancellationToken cancellation)
    {
        var kinds = SyntheticProblems.Kinds(difficulty).ToDictionary(x => x, _ => 0);
        using var file = AtomicFile.Open(Path.Combine(folder, $"{name}.jsonl"));
        var index = 0;
        foreach (var problem in SyntheticProblems.Distinct(difficulty, split, key.Fold(name), count))
        {
            cancellation.ThrowIfCancellationRequested();
            var id = $"synth-{name}-{index++}";
            kinds[problem.Kind]++;
            JsonLines.Write(file.Stream, Record(id, problem));
            also?.Invoke(id, problem);
        }

        file.Commit();
        return new JsonObject
        {
            ["count"] = count,
            ["kinds"] = new JsonObject(kinds.Select(x => KeyValuePair.Create(x.Key, (JsonNode?)x.Value))),
        };
    }

    private static JsonObject Record(string id, SyntheticProblem problem) => new()
    {
        ["id"] = id,
        ["problem"] = problem.Text,
        ["answer"] = problem.Answer.ToString(),
        ["solution"] = SyntheticProblem.Sequential(problem.First),
        ["source"] = Source,
        ["split"] = Lower(problem.Split),
        ["meta"] = new JsonObject
        {
            ["difficulty"] = Lower(problem.Difficulty),
            ["kind"] = problem.Kind,
            ["other_solution"] = SyntheticProblem.Sequential(problem.Second),
        },
    };

    private static JsonObject Solution(string id, SyntheticProblem problem, string response) => new()
    {
        ["id"] = id,
        ["problem"] = problem.Text,
        ["response"] = response,
        ["answer"] = problem.Answer.ToString(),
        ["source"] = Source,
        ["split"] = Lower(problem.Split),
        ["meta"] = new JsonObject { ["difficulty"] = Lower(problem.Difficulty), ["kind"] = problem.Kind },
    };

    private static string Lower(Enum value) => value.ToString().ToLowerInvariant();
}
