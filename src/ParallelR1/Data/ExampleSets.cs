using System.Text.Json.Nodes;
using ParallelR1.IO;

namespace ParallelR1.Data;

/// <summary>Sets of cold-start examples that are known by name, for <c>data.train</c> of a recipe.</summary>
public static class ExampleSets
{
    private const string PublishedSample = "parallel-gsm8k-sample";
    private const string ProblemMark = "\n\nProblem: ";

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [PublishedSample];

    /// <summary>The examples of a set: <c>id, problem, response, answer</c>.</summary>
    /// <remarks>
    /// The published rows hold the whole prompt. The problem is taken out of it, so that the recipe's own prompt template goes around it and the
    /// model is trained on the prompt that it is asked with later.
    /// </remarks>
    /// <exception cref="UsageException">The set is not on this machine.</exception>
    /// <exception cref="InputException">While reading: a row is damaged; names file and line.</exception>
    public static IEnumerable<JsonObject> Rows(string name)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(Names.Contains(name), false, nameof(name));
        var file = KnownFolders.Data.Select(folder => Path.Combine(folder, name + ".jsonl")).FirstOrDefault(File.Exists)
            ?? throw new UsageException(
                $"the examples '{name}' are not on this machine: no {name}.jsonl in {(KnownFolders.Data is { Count: > 0 } folders ? string.Join(", ", folders) : "any data folder")}; "
                + "set PARALLELR1_DATA to a folder that has it, or name a JSONL or Parquet file in data.train");
        return JsonLines.Read(file).Select(line => Example(line.Value, $"{file}:{line.Line}"));
    }

    private static JsonObject Example(JsonObject row, string where)
    {
        var prompt = Text(row, "prompt", where);
        var mark = prompt.IndexOf(ProblemMark, StringComparison.Ordinal);
        if (mark < 0)
            throw new InputException($"{where}: the prompt has no line that begins with 'Problem: '; give the file itself in data.train to use its prompts as they are");
        return new JsonObject
        {
            ["id"] = Text(row, "id", where),
            ["problem"] = prompt[(mark + ProblemMark.Length)..],
            ["response"] = Text(row, "response", where),
            ["answer"] = Text(row, "answer", where),
        };
    }

    private static string Text(JsonObject row, string field, string where) =>
        row[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : throw new InputException($"{where}: no text '{field}'");
}
