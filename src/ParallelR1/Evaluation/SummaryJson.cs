using System.Text.Json;
using System.Text.Json.Nodes;
using ParallelR1.IO;

namespace ParallelR1.Evaluation;

/// <summary><c>summary.json</c>: the rows of a table, as other programs read them.</summary>
public static class SummaryJson
{
    private static readonly JsonSerializerOptions Indented = new(JsonLines.Options) { WriteIndented = true };

    /// <summary>The rows as <c>{"rows": [...]}</c>.</summary>
    public static JsonObject ToJson(IEnumerable<SummaryRow> rows, IReadOnlyList<Comparison>? comparisons = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var rowsOnce = rows.ToList();
        var json = new JsonObject { ["rows"] = new JsonArray([.. rowsOnce.Select(Row)]) };
        if (comparisons is not null)
            json["comparisons"] = new JsonArray([.. comparisons.Select(c => Compared(c, rowsOnce.FirstOrDefault(row => row.Name == c.A)?.Cap))]);
        return json;
    }

    /// <summary>Writes the file, whole or not at all.</summary>
    public static void Write(string path, IEnumerable<SummaryRow> rows, IReadOnlyList<Comparison>? comparisons = null) =>
        AtomicFile.WriteText(path, ToJson(rows, comparisons).ToJsonString(Indented) + "\n");

    /// <summary>Reads such a file.</summary>
    /// <exception cref="UsageException">There is no such file.</exception>
    /// <exception cref="InputException">It is damaged.</exception>
    public static IReadOnlyList<SummaryRow> Read(string path)
    {
        if (!File.Exists(path))
            throw new UsageException($"{path}: no such file");
        try
        {
            return JsonNode.Parse(File.ReadAllText(path))?["rows"] is JsonArray rows && rows.All(row => row is JsonObject)
                ? [.. rows.Select(row => ReadRow(row!.AsObject()))]
                : throw new FormatException("there are no rows");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentException or KeyNotFoundException)
        {
            throw new InputException($"{path}: not a summary ({{\"rows\": [...]}}): {e.Message}", e);
        }
    }

    private static JsonObject Row(SummaryRow row) => new()
    {
        ["name"] = row.Name,
        ["recipe"] = row.Recipe,
        ["scale"] = row.Scale,
        ["seeds"] = new JsonArray([.. row.Seeds.Select(s => (JsonNode)s)]),
        ["grader"] = row.Grader,
        ["parallel_ratio"] = row.ParallelRatio,
        ["well_formed_ratio"] = row.WellFormedRatio,
        ["suites"] = new JsonObject(row.Suites.Select(s => KeyValuePair.Create(s.Key, (JsonNode?)Suite(s.Value)))),
        ["tokens_total"] = row.TokensTotal,
        ["tokens_critical_path"] = row.TokensCriticalPath,
        ["wall_seconds"] = row.WallSeconds,
        ["acceleration"] = row.Acceleration,
        ["cap"] = row.Cap,
        ["average"] = row.Average,
        ["dtype"] = row.Dtype,
        ["processor"] = row.Processor,
    };

    private static JsonObject Compared(Comparison comparison, int? cap) => new()
    {
        ["a"] = comparison.A,
        ["b"] = comparison.B,
        ["suite"] = comparison.Suite,
        ["cap"] = cap,
        ["difference"] = comparison.Difference,
        ["ci95"] = new JsonArray(comparison.Low, comparison.High),
        ["per_seed"] = new JsonArray([.. comparison.PerSeed.Select(d => (JsonNode)d)]),
    };

    private static JsonObject Suite(SuiteSummary suite)
    {
        var json = new JsonObject
        {
            ["problems"] = suite.Problems,
            ["samples"] = suite.Samples,
            ["mean_at_k"] = suite.MeanAtK,
            ["pass_at_k"] = suite.PassAtK,
            ["ci95"] = new JsonArray(suite.Low, suite.High),
        };
        foreach (var (name, value) in Optional(suite))
        {
            if (value is not null)
                json[name] = value;
        }

        return json;
    }

    private static IEnumerable<(string Name, double? Value)> Optional(SuiteSummary suite) =>
    [
        ("pass_at_k_bootstrap", suite.PassAtKBootstrap),
        ("no_answer_ratio", suite.NoAnswerRatio),
        ("undecided_ratio", suite.UndecidedRatio),
        ("cut_by_length", suite.CutRatio),
        ("blocks", suite.Blocks),
        ("block_position", suite.BlockPosition),
        ("paths_differ", suite.PathsDiffer),
        ("path_oracle", suite.PathOracle),
        ("summary_takes_right", suite.SummaryTakesRight),
        ("path_agreement", suite.PathAgreement),
    ];

    private static SummaryRow ReadRow(JsonObject row) => new()
    {
        Name = Field(row, "name").GetValue<string>(),
        Recipe = (string?)row["recipe"],
        Scale = (string?)row["scale"],
        Seeds = [.. Field(row, "seeds").AsArray().Select(s => (long?)s ?? throw new FormatException("a seed is null"))],
        Grader = Field(row, "grader").GetValue<string>(),
        ParallelRatio = (double)Field(row, "parallel_ratio"),
        WellFormedRatio = (double)Field(row, "well_formed_ratio"),
        Suites = [.. Field(row, "suites").AsObject().Select(s => KeyValuePair.Create(s.Key, ReadSuite(s.Value as JsonObject ?? throw new FormatException($"{s.Key} is no object"))))],
        TokensTotal = (long)Field(row, "tokens_total"),
        TokensCriticalPath = (long)Field(row, "tokens_critical_path"),
        WallSeconds = (double)Field(row, "wall_seconds"),
        Cap = (int?)row["cap"],
        Dtype = (string?)row["dtype"],
        Processor = (string?)row["processor"],
    };

    private static SuiteSummary ReadSuite(JsonObject suite) => new()
    {
        Problems = (int)Field(suite, "problems"),
        Samples = (int)Field(suite, "samples"),
        MeanAtK = (double)Field(suite, "mean_at_k"),
        PassAtK = (double)Field(suite, "pass_at_k"),
        PassAtKBootstrap = (double?)suite["pass_at_k_bootstrap"],
        Low = (double)Bound(suite, 0),
        High = (double)Bound(suite, 1),
        NoAnswerRatio = (double?)suite["no_answer_ratio"],
        UndecidedRatio = (double?)suite["undecided_ratio"],
        CutRatio = (double?)suite["cut_by_length"],
        Blocks = (double?)suite["blocks"],
        BlockPosition = (double?)suite["block_position"],
        PathsDiffer = (double?)suite["paths_differ"],
        PathOracle = (double?)suite["path_oracle"],
        SummaryTakesRight = (double?)suite["summary_takes_right"],
        PathAgreement = (double?)suite["path_agreement"],
    };

    private static JsonNode Field(JsonObject json, string name) => json[name] ?? throw new FormatException($"\"{name}\" is missing");

    private static JsonNode Bound(JsonObject suite, int index) =>
        Field(suite, "ci95") is JsonArray { Count: 2 } bounds && bounds[index] is { } bound ? bound : throw new FormatException("\"ci95\" is no pair of numbers");
}
