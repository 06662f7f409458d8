using System.Text.Json.Nodes;
using ParallelR1.Data;
using ParallelR1.IO;

namespace ParallelR1.Evaluation;

/// <summary>Problems that a model is measured on.</summary>
/// <param name="Name">Names the suite in summaries.</param>
/// <param name="Problems">The problems, in order.</param>
public sealed record EvaluationSuite(string Name, IReadOnlyList<EvaluationProblem> Problems)
{
    private static readonly Dictionary<string, string> Aliases = new(StringComparer.OrdinalIgnoreCase)
    {
        ["gsm8k"] = "gsm8k-test",
        ["math"] = "math-test",
    };

    /// <summary>Loads a known suite by name (<c>gsm8k</c>, <c>math</c>, <c>aime24</c>, <c>aime25</c>, <c>amc23</c>, <c>math-316</c>, …) or a JSONL or Parquet file.</summary>
    /// <param name="nameOrFile">The name, or the file.</param>
    /// <param name="limit">Only the first problems; null: all.</param>
    /// <exception cref="UsageException">There is no such suite; the message lists the known ones.</exception>
    /// <exception cref="InputException">A row lacks its problem or its answer.</exception>
    public static EvaluationSuite Load(string nameOrFile, int? limit = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(nameOrFile);
        var file = Find(nameOrFile);
        var problems = RowFile.Read(file).Take(limit ?? int.MaxValue).Select((row, i) => Read(row, file, i)).ToList();
        if (problems.Count == 0)
            throw new InputException($"{file}: holds no problems");
        return new EvaluationSuite(File.Exists(nameOrFile) ? Path.GetFileNameWithoutExtension(file) : nameOrFile, problems);
    }

    private static string Find(string nameOrFile)
    {
        if (File.Exists(nameOrFile))
            return nameOrFile;
        var name = Aliases.GetValueOrDefault(nameOrFile, nameOrFile);
        var plain = name.Length > 0 && name.AsSpan().IndexOfAny('/', '\\') < 0;
        return plain && KnownFolders.Data.Select(f => Path.Combine(f, name + ".jsonl")).FirstOrDefault(File.Exists) is { } found
            ? found
            : throw new UsageException($"{nameOrFile}: no such file or known suite; known here: {string.Join(", ", Known())}");
    }

    private static IEnumerable<string> Known()
    {
        var names = KnownFolders.Data.SelectMany(f => Directory.EnumerateFiles(f, "*.jsonl")).Select(f => Path.GetFileNameWithoutExtension(f)!).ToHashSet();
        var all = names.Concat(Aliases.Where(a => names.Contains(a.Value)).Select(a => a.Key)).Order(StringComparer.Ordinal).ToList();
        return all.Count > 0 ? all : ["none (set PARALLELR1_DATA)"];
    }

    private static EvaluationProblem Read(JsonObject row, string file, int index) => new(
        Text(row, "id") ?? $"{index}",
        Text(row, "problem") ?? throw new InputException($"{file}: row {index + 1} has no 'problem'; a suite's rows are {{id, problem, answer}}"),
        Text(row, "answer") ?? throw new InputException($"{file}: row {index + 1} has no 'answer'; a suite's rows are {{id, problem, answer}}"));

    private static string? Text(JsonObject row, string key) => row[key] switch
    {
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        JsonValue value => value.ToJsonString(),
        _ => null,
    };
}
