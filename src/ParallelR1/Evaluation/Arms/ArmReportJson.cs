using System.Text.Json;
using System.Text.Json.Nodes;
using ParallelR1.IO;

namespace ParallelR1.Evaluation.Arms;

/// <summary><c>comparison.json</c>: a comparison as other programs read it, in the fields of <c>summary.json</c>.</summary>
internal static class ArmReportJson
{
    private static readonly JsonSerializerOptions s_indented = new(JsonLines.Options) { WriteIndented = true };

    /// <summary>Writes the file atomically.</summary>
    public static void Write(string path, ArmReport report) => AtomicFile.WriteText(path, ToJson(report).ToJsonString(s_indented) + "\n");

    /// <summary>The report as JSON.</summary>
    public static JsonObject ToJson(ArmReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var options = report.Options;
        var json = SummaryJson.ToJson(new Summary { Rows = [.. report.Rows.Select(r => r.Summary)], Curve = report.Curve, Findings = report.Findings });
        foreach (var (row, made) in json["rows"]!.AsArray().Zip(report.Rows))
        {
            row!["exploratory"] = made.Exploratory;
            row["decoding"] = made.How;
        }

        json["comparisons"] = new JsonArray([.. report.Differences.Select(Difference)]);
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
            ["paths"] = options.Blocks.Paths,
            ["blocks"] = options.Blocks.Blocks,
            ["path_tokens"] = options.Blocks.PathTokens,
            ["summary_tokens"] = options.Blocks.SummaryTokens,
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
        json["on"] = difference.On;
        json["exploratory"] = difference.Exploratory;
        return json;
    }
}
