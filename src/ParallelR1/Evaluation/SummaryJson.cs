using System.Text.Json;
using System.Text.Json.Nodes;
using ParallelR1.IO;

namespace ParallelR1.Evaluation;

/// <summary>Reads and writes <c>summary.json</c>, the machine-readable rows of a table.</summary>
public static class SummaryJson
{
    private static readonly JsonSerializerOptions Indented = new(JsonLines.Options) { WriteIndented = true };

    /// <summary>Converts rows to <c>{"rows": [...]}</c>.</summary>
    public static JsonObject ToJson(IEnumerable<SummaryRow> rows, IReadOnlyList<Comparison>? comparisons = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return ToJson(new Summary { Rows = [.. rows], Comparisons = comparisons });
    }

    /// <summary>Converts a summary to <c>{"rows": [...], "comparisons": [...], "curve": [...], "findings": [...]}</c>; parts that are null are omitted.</summary>
    public static JsonObject ToJson(Summary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        var json = new JsonObject { ["rows"] = new JsonArray([.. summary.Rows.Select(Row)]) };
        if (summary.Comparisons is { } comparisons)
            json["comparisons"] = new JsonArray([.. comparisons.Select(c => Compared(c, summary.Rows.FirstOrDefault(row => row.Name == c.A)?.Cap))]);
        if (summary.Curve is { } curve)
            json["curve"] = new JsonArray([.. curve.Select(Point)]);
        if (summary.Findings is { } findings)
            json["findings"] = new JsonArray([.. findings.Select(Found)]);
        return json;
    }

    /// <summary>Writes rows to a file atomically.</summary>
    public static void Write(string path, IEnumerable<SummaryRow> rows, IReadOnlyList<Comparison>? comparisons = null) =>
        Write(path, new Summary { Rows = [.. rows], Comparisons = comparisons });

    /// <summary>Writes a summary to a file atomically.</summary>
    public static void Write(string path, Summary summary) => AtomicFile.WriteText(path, ToJson(summary).ToJsonString(Indented) + "\n");

    /// <summary>Reads the rows of a file.</summary>
    /// <exception cref="UsageException">The file does not exist.</exception>
    /// <exception cref="InputException">The file is damaged.</exception>
    public static IReadOnlyList<SummaryRow> Read(string path) => ReadSummary(path).Rows;

    /// <summary>Reads a file.</summary>
    /// <exception cref="UsageException">The file does not exist.</exception>
    /// <exception cref="InputException">The file is damaged.</exception>
    public static Summary ReadSummary(string path)
    {
        if (!File.Exists(path))
            throw new UsageException($"{path}: no such file");
        try
        {
            var json = JsonNode.Parse(File.ReadAllText(path));
            return new Summary
            {
                Rows = Items(json, "rows", ReadRow) ?? throw new FormatException("there are no rows"),
                Comparisons = Items(json, "comparisons", ReadComparison),
                Curve = Items(json, "curve", ReadPoint),
                Findings = Items(json, "findings", ReadFinding),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentException or KeyNotFoundException)
        {
            throw new InputException($"{path}: not a summary ({{\"rows\": [...]}}): {e.Message}", e);
        }
    }

    private static T[]? Items<T>(JsonNode? json, string name, Func<JsonObject, T> read) => (json as JsonObject)?[name] is JsonArray items
        ? [.. items.Select(item => read(item as JsonObject ?? throw new FormatException($"\"{name}\" holds something that is no object")))]
        : null;

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
        ["seconds_per_answer"] = row.SecondsPerAnswer,
    };

    private static JsonObject Point(CurvePoint point) => new()
    {
        ["row"] = point.Row,
        ["paths"] = point.Paths,
        ["cap"] = point.Cap,
        ["fits"] = point.Fits,
        ["mean_at_k"] = point.MeanAtK,
        ["ci95"] = new JsonArray(point.Low, point.High),
        ["seconds_per_answer"] = point.SecondsPerAnswer,
    };

    private static JsonObject Found(Finding finding) => new()
    {
        ["name"] = finding.Name,
        ["verdict"] = finding.VerdictText,
        ["value"] = finding.Value,
        ["ci95"] = finding is { Low: { } low, High: { } high } ? new JsonArray(low, high) : null,
        ["threshold"] = finding.Threshold,
        ["command"] = finding.Command,
        ["note"] = finding.Note,
    };

    internal static JsonObject Compared(Comparison comparison, int? cap) => new()
    {
        ["a"] = comparison.A,
        ["b"] = comparison.B,
        ["suite"] = comparison.Suite,
        ["problems"] = comparison.Problems,
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
            ["per_seed"] = new JsonArray([.. suite.PerSeed.Select(s => (JsonNode)s)]),
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
        ("verification_ratio", suite.VerificationRatio),
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
        SecondsPerAnswer = (double?)row["seconds_per_answer"],
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
        PerSeed = suite["per_seed"] is JsonArray seeds ? [.. seeds.Select(s => (double?)s ?? throw new FormatException("a seed's figure is null"))] : [],
        NoAnswerRatio = (double?)suite["no_answer_ratio"],
        UndecidedRatio = (double?)suite["undecided_ratio"],
        CutRatio = (double?)suite["cut_by_length"],
        Blocks = (double?)suite["blocks"],
        BlockPosition = (double?)suite["block_position"],
        PathsDiffer = (double?)suite["paths_differ"],
        PathOracle = (double?)suite["path_oracle"],
        SummaryTakesRight = (double?)suite["summary_takes_right"],
        PathAgreement = (double?)suite["path_agreement"],
        VerificationRatio = (double?)suite["verification_ratio"],
    };

    private static Comparison ReadComparison(JsonObject json) => new(
        Text(json, "a"), Text(json, "b"), Text(json, "suite"), (int?)json["problems"] ?? 0, (double)Field(json, "difference"), (double)Bound(json, 0), (double)Bound(json, 1),
        [.. Field(json, "per_seed").AsArray().Select(s => (double?)s ?? throw new FormatException("a seed's figure is null"))]);

    private static CurvePoint ReadPoint(JsonObject json) => new(
        Text(json, "row"), (int?)json["paths"], (int)Field(json, "cap"), (double?)json["fits"], (double)Field(json, "mean_at_k"), (double)Bound(json, 0), (double)Bound(json, 1),
        (double?)json["seconds_per_answer"]);

    private static Finding ReadFinding(JsonObject json)
    {
        var verdict = Enum.GetValues<FindingVerdict>().FirstOrDefault(v => Finding.Text(v) == Text(json, "verdict"));
        var interval = json["ci95"] is JsonArray;
        return new Finding(
            Text(json, "name"), verdict, (double?)json["value"], interval ? (double)Bound(json, 0) : null, interval ? (double)Bound(json, 1) : null,
            json["threshold"]?.ToString() ?? "", (string?)json["command"] ?? "", (string?)json["note"] ?? "");
    }

    private static string Text(JsonObject json, string name) => Field(json, name).GetValue<string>();

    private static JsonNode Field(JsonObject json, string name) => json[name] ?? throw new FormatException($"\"{name}\" is missing");

    private static JsonNode Bound(JsonObject suite, int index) =>
        Field(suite, "ci95") is JsonArray { Count: 2 } bounds && bounds[index] is { } bound ? bound : throw new FormatException("\"ci95\" is no pair of numbers");
}
