using System.Globalization;
using System.Text.Json.Nodes;
using ParallelR1.IO;

namespace ParallelR1.Data;

/// <summary>Finds a value in a row by a dotted path: <c>reward_model.ground_truth</c>, <c>prompt.0.content</c>.</summary>
internal static class RowPath
{
    public static JsonNode? Find(JsonObject row, string path)
    {
        // A column whose name itself contains dots has precedence.
        if (row.TryGetPropertyValue(path, out var whole))
            return whole;
        JsonNode? node = row;
        foreach (var part in path.Split('.'))
        {
            node = node switch
            {
                JsonObject o => o[part],
                JsonArray a when int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var i) && i < a.Count => a[i],
                _ => null,
            };
        }

        return node;
    }

    /// <summary>Gets the text of a string, number or Boolean; null for anything else.</summary>
    public static string? Text(JsonNode? node) => JsonText.Of(node);
}
