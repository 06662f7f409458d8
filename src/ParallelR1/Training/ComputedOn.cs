using System.Text.Json.Nodes;
using ParallelR1.Generation;
using ParallelR1.Torch;

namespace ParallelR1.Training;

/// <summary>What a checkpoint was computed on. A run may be resumed elsewhere; its last bits may differ there, which is said.</summary>
internal static class ComputedOn
{
    public static JsonObject Here()
    {
        var here = ComputeEnvironment.Current;
        return new JsonObject
        {
            ["device"] = ComputeDevice.Default.ToString(),
            ["processor"] = here.Processor,
            ["libtorch"] = here.Libtorch,
            ["capability"] = here.Capability,
            ["kernels"] = here.Kernels,
            ["onednn"] = here.OneDnn,
            ["openblas"] = here.OpenBlas,
            ["threads"] = here.Threads,
        };
    }

    /// <summary>What is to be said where the two differ; null where they do not. What only one of them knows is no difference.</summary>
    public static string? Difference(JsonObject before, JsonObject now)
    {
        var differences = from pair in before
                          where now.ContainsKey(pair.Key) && !JsonNode.DeepEquals(pair.Value, now[pair.Key])
                          select $"{pair.Key} was {Text(pair.Value)} and is {Text(now[pair.Key])}";
        return string.Join(", ", differences) is { Length: > 0 } text
            ? $"the checkpoint was computed elsewhere ({text}): the run continues, and its last bits may differ from those of a run that stayed where it began"
            : null;
    }

    private static string Text(JsonNode? value) => value?.ToString() ?? "unknown";
}
