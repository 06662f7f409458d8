using System.Text.Json.Nodes;

namespace ParallelR1.Data.Export;

/// <summary>What was exported.</summary>
/// <param name="Folder">The dataset folder.</param>
/// <param name="Files">The files with rows, relative, and how many rows each has.</param>
/// <param name="Licence">The licence in the card.</param>
public sealed record ExportSummary(string Folder, IReadOnlyDictionary<string, long> Files, string Licence)
{
    /// <summary>The summary as JSON.</summary>
    public JsonObject ToJson() => new()
    {
        ["folder"] = Folder,
        ["files"] = new JsonObject(Files.Select(f => KeyValuePair.Create<string, JsonNode?>(f.Key, f.Value))),
        ["rows"] = Files.Values.Sum(),
        ["licence"] = Licence,
    };
}
