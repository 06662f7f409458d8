using System.Text.Json.Nodes;

namespace ParallelR1.Data.ColdStart;

/// <summary>The report of a cold-start run.</summary>
public sealed record ColdStartReport
{
    /// <summary>Settings of the run: teacher, sampling and prompt.</summary>
    public required JsonObject Settings { get; init; }

    /// <summary>One row per source, in order of appearance.</summary>
    public required IReadOnlyList<ColdStartYield> Sources { get; init; }

    /// <summary>The row of all sources together.</summary>
    public required ColdStartYield Total { get; init; }

    /// <summary>For each reason, the number of answers it applies to, and of those for which it is the first reason. Reasons without answers are omitted.</summary>
    public required IReadOnlyDictionary<ExampleFault, (int Any, int First)> Faults { get; init; }

    /// <summary>Diversity of the kept examples.</summary>
    public required ColdStartDiversity Diversity { get; init; }

    /// <summary>Tokens and cost of all answers.</summary>
    public required ColdStartUsage Usage { get; init; }

    /// <summary>Gets the name of a reason in files, such as <c>wrong_answer</c>.</summary>
    public static string Name(ExampleFault fault) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(fault.ToString());

    /// <summary>Converts the report to the JSON of <c>report.json</c>.</summary>
    public JsonObject ToJson() => new()
    {
        ["settings"] = Settings.DeepClone(),
        ["sources"] = new JsonArray([.. Sources.Select(s => s.ToJson())]),
        ["total"] = Total.ToJson(),
        ["rejected"] = new JsonObject(Faults.OrderBy(f => f.Key).Select(f => KeyValuePair.Create<string, JsonNode?>(
            Name(f.Key), new JsonObject { ["any"] = f.Value.Any, ["first"] = f.Value.First }))),
        ["diversity"] = Diversity.ToJson(),
        ["usage"] = Usage.ToJson(),
    };
}
