using System.Text.Json.Nodes;
using ParallelR1.Generation;
using ParallelR1.Torch;

namespace ParallelR1.Training;

/// <summary>
/// Records the environment that a checkpoint was computed in. A run may be resumed in another one; its results may then differ in the last
/// bits, which is reported.
/// </summary>
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

    /// <summary>Gets a warning about the differences of two environments; null if there are none. Keys that only one of them has are ignored.</summary>
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
