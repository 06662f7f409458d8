using System.Text.Json.Nodes;

namespace ParallelR1.Data.ColdStart;

/// <summary>What came of a cold-start run.</summary>
public sealed record ColdStartReport
{
    /// <summary>Teacher, sampling and prompt.</summary>
    public required JsonObject Settings { get; init; }

    /// <summary>One row for each source, in order of appearance.</summary>
    public required IReadOnlyList<ColdStartYield> Sources { get; init; }

    /// <summary>All sources together.</summary>
    public required ColdStartYield Total { get; init; }

    /// <summary>For each reason the answers it applies to, and those for which it is the first one. Reasons that never came up are left out.</summary>
    public required IReadOnlyDictionary<ExampleFault, (int Any, int First)> Faults { get; init; }

    /// <summary>Over the kept examples.</summary>
    public required ColdStartDiversity Diversity { get; init; }

    /// <summary>Over all answers.</summary>
    public required ColdStartUsage Usage { get; init; }

    /// <summary>A reason as it is written in files: <c>wrong_answer</c>.</summary>
    public static string Name(ExampleFault fault) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(fault.ToString());

    /// <summary>As it stands in <c>report.json</c>.</summary>
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
