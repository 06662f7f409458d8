using System.Text.Json;
using System.Text.Json.Nodes;
using ParallelR1.IO;

namespace ParallelR1.Evaluation.Arms;

/// <summary><c>comparison.json</c>: a comparison as other programs read it, in the fields of <c>summary.json</c>.</summary>
public static class ArmReportJson
{
    private static readonly JsonSerializerOptions s_indented = new(JsonLines.Options) { WriteIndented = true };

    /// <summary>Writes the file, whole or not at all.</summary>
    public static void Write(string path, ArmReport report) => AtomicFile.WriteText(path, ToJson(report).ToJsonString(s_indented) + "\n");

    /// <summary>The report as JSON.</summary>
    public static JsonObject ToJson(ArmReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var options = report.Options;
        var json = SummaryJson.ToJson(report.Rows.Select(r => r.Summary));
        foreach (var (row, made) in json["rows"]!.AsArray().Zip(report.Rows))
        {
            row!["suites"]![options.Suite.Name]!["per_seed"] = Numbers(made.PerSeed);
            row["exploratory"] = made.Exploratory;
            row["decoding"] = made.How;
        }

        json["comparisons"] = new JsonArray([.. report.Differences.Select(Difference)]);
        json["curve"] = new JsonArray([.. report.Curve.Select(Point)]);
        json["findings"] = new JsonArray([.. report.Findings.Select(f => Found(f, options.Command))]);
        json["fits"] = JsonSerializer.SerializeToNode(report.Fits, JsonLines.Options);
        json["votes"] = JsonSerializer.SerializeToNode(report.Votes, JsonLines.Options);
        json["seconds"] = JsonSerializer.SerializeToNode(report.Times, JsonLines.Options);
        json["settings"] = new JsonObject
        {
            ["suite"] = options.Suite.Name,
            ["problems"] = options.Suite.Problems.Count,
            ["samples"] = options.Suite.Samples,
            ["curve_samples"] = options.CurveSamples ?? options.Suite.Samples,
            ["cap"] = options.Cap,
            ["paths"] = options.Paths,
            ["blocks"] = options.Blocks,
            ["path_tokens"] = options.PathTokens,
            ["summary_tokens"] = options.SummaryTokens,
            ["seed"] = options.Seed,
            ["grader"] = options.Grader,
            ["dtype"] = options.Dtype,
            ["processor"] = report.Processor,
        };
        return json;
    }

    private static JsonObject Difference(ArmDifference difference)
    {
        var json = SummaryJson.Compared(difference.Comparison, difference.Cap);
        json["cap_b"] = difference.OtherCap;
        json["problems"] = difference.Comparison.Problems;
        json["on"] = difference.On;
        json["exploratory"] = difference.Exploratory;
        return json;
    }

    private static JsonObject Point(CurvePoint point) => new()
    {
        ["row"] = point.Row,
        ["paths"] = point.Paths,
        ["cap"] = point.Cap,
        ["fits"] = point.Fits,
        ["mean_at_k"] = point.MeanAtK,
        ["ci95"] = new JsonArray(point.Low, point.High),
        ["seconds_per_answer"] = point.SecondsPerAnswer,
        ["tokens_per_answer"] = point.TokensPerAnswer,
        ["tokens_critical_path_per_answer"] = point.CriticalPerAnswer,
    };

    private static JsonObject Found(Finding finding, string command) => new()
    {
        ["name"] = finding.Name,
        ["verdict"] = finding.VerdictText,
        ["value"] = finding.Value,
        ["ci95"] = finding is { Low: { } low, High: { } high } ? new JsonArray(low, high) : null,
        ["threshold"] = finding.Threshold,
        ["command"] = command,
        ["condition"] = finding.Condition,
        ["note"] = finding.Note,
    };

    private static JsonArray Numbers(IEnumerable<double> values) => new([.. values.Select(v => (JsonNode)v)]);
}
