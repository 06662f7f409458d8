using System.Text.Json.Nodes;
using ParallelR1.Data.Synthetic;
using ParallelR1.IO;

namespace ParallelR1.Data;

/// <summary>Known sets of examples, for <c>data.train</c> of an SFT recipe.</summary>
public static class ExampleSets
{
    private const string ProblemMark = "\n\nProblem: ";
    private const string PublishedTeacher = "DeepSeek-R1-0528-Qwen3-8B";

    // Columns in which published rows hold the teacher's response.
    private static readonly string[] s_responses = ["response", "text", "output", "extra_info.answer"];
    private static readonly string[] s_prompts = ["problem", "prompt", "question"];
    private static readonly string[] s_answers = ["answer", "reward_model.ground_truth"];

    /// <summary>Gets all sets, in the order of <c>data list</c>. Synthetic sets, which are endless, are limited to as many rows as <c>data synth</c> writes by default.</summary>
    public static IReadOnlyList<KnownSet> All { get; } =
    [
        Published("parallel-gsm8k", 7473, "the published cold-start examples as the teacher wrote them, unfiltered", "Parallel-R1/parallel-r1-cold-start"),
        Published("parallel-gsm8k-filtered", 5910, "the published cold-start examples that passed the format check", "Parallel-R1/parallel-r1-cold-start-filter"),
        Published("parallel-gsm8k-sample", 341, "cold-start examples of an earlier version of the published set", null),
        Made(SyntheticSets.ColdStart, new SyntheticFolderOptions().ColdStart, "parallel solutions of easy synthetic problems among solutions without tags, seed 0"),
        Made(SyntheticSets.NumberedColdStart, new SyntheticFolderOptions().ColdStart, "the same with numbered paths"),
        Made(SyntheticSets.SequentialColdStart, new SyntheticFolderOptions().ColdStart, "the same without tags, one part after the other"),
        Made(SyntheticSets.SequentialSolutions, new SyntheticFolderOptions().Sequential, "solutions of synthetic problems without tags, seed 0"),
    ];

    /// <summary>Gets the names of the published sets; the others are synthetic.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Where(s => !s.IsSynthetic).Select(s => s.Name)];

    /// <summary>Gets the set of a name; null if there is none.</summary>
    public static KnownSet? Find(string name) => All.FirstOrDefault(s => s.Name == name);

    /// <summary>Reads the examples of a set, with the fields <c>id, problem, response, answer</c>.</summary>
    /// <remarks>
    /// Published rows hold the whole prompt. The problem is extracted from it, so that the recipe's own prompt template is applied and the model
    /// is trained on the prompt that it is asked with later.
    /// </remarks>
    /// <param name="name">A name of <see cref="All"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no set of that name.</exception>
    /// <exception cref="UsageException">The set is not on this machine.</exception>
    /// <exception cref="InputException">While enumerating: a row is damaged; the message names file and line.</exception>
    public static IEnumerable<JsonObject> Rows(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var set = Find(name) ?? throw new ArgumentOutOfRangeException(nameof(name), name, "no such set of examples");
        if (set.IsSynthetic)
            return SyntheticSets.Rows(set.Name, new SyntheticFolderOptions().Seed).Take(set.Problems);
        var files = ProblemSet.LocalFiles(set);
        if (files.Count == 0)
            throw Absent(set);
        return files.SelectMany(f => RowFile.Rows(f)).Select((row, i) => Example(row.Value, row.Place, $"{set.Name}-{i}"));
    }

    private static UsageException Absent(KnownSet set) => new(
        $"the examples '{set.Name}' are not on this machine: no {set.Files[0]} in {(KnownFolders.Data is { Count: > 0 } folders ? string.Join(", ", folders) : "any data folder")}; "
        + $"{(set.HubRepository is null ? "" : $"get them with: parallel-r1 data pull {set.Name}, ")}"
        + "set PARALLELR1_DATA to a folder that has it, or name a JSONL or Parquet file in data.train");

    internal static JsonObject Example(JsonObject row, string where, string id) => new()
    {
        ["id"] = RowPath.Text(row["id"]) ?? id,
        ["problem"] = Problem(row, where),
        ["response"] = Text(row, s_responses, where),
        ["answer"] = Text(row, s_answers, where),
    };

    private static string Problem(JsonObject row, string where)
    {
        if (row["prompt"] is JsonArray messages)
            row = new JsonObject { ["prompt"] = messages.OfType<JsonObject>().LastOrDefault()?["content"]?.DeepClone() };
        var prompt = Text(row, s_prompts, where);
        var mark = prompt.IndexOf(ProblemMark, StringComparison.Ordinal);
        if (mark >= 0)
            return prompt[(mark + ProblemMark.Length)..];
        return row.ContainsKey("problem")
            ? prompt
            : throw new InputException($"{where}: the prompt has no line that begins with 'Problem: '; give the file itself in data.train to use its prompts as they are");
    }

    private static string Text(JsonObject row, string[] columns, string where)
    {
        foreach (var column in columns)
        {
            if (RowPath.Text(RowPath.Find(row, column)) is { } text)
                return text;
        }

        throw new InputException($"{where}: no text column '{columns[0]}'; the columns are {string.Join(", ", row.Select(c => c.Key).Take(30))}");
    }

    private static KnownSet Published(string name, int examples, string description, string? repository) => new()
    {
        Name = name,
        HoldsExamples = true,
        Description = description,
        Origin = "Parallel-R1 (Zheng et al. 2025), on problems of GSM8K",
        Licence = "Apache-2.0",
        Problems = examples,
        Split = "train",
        Source = "gsm8k",
        Teacher = PublishedTeacher,
        Files = [$"{name}.jsonl", $"{name}.parquet"],
        HubRepository = repository,
    };

    private static KnownSet Made(string name, int examples, string description) => new()
    {
        Name = name,
        HoldsExamples = true,
        Description = description,
        Origin = "generated locally",
        Licence = "Apache-2.0",
        Problems = examples,
        Split = "train",
        Source = SyntheticSets.Source,
        IsSynthetic = true,
    };
}
