using System.Text.Json;
using System.Text.Json.Nodes;

namespace ParallelR1.Tokenization;

/// <summary>
/// Parses JSON completely at once. The nodes of System.Text.Json are lazy: names given twice and texts that are not Unicode
/// would otherwise come to light as other exceptions wherever they are first used.
/// </summary>
internal static class StrictJson
{
    /// <exception cref="JsonException">Not valid JSON.</exception>
    /// <exception cref="ArgumentException">A name given twice.</exception>
    /// <exception cref="InvalidOperationException">A text that is not Unicode.</exception>
    public static JsonNode? Parse(ref Utf8JsonReader reader)
    {
        var root = JsonNode.Parse(ref reader);
        var waiting = new Stack<JsonNode?>();
        waiting.Push(root);
        while (waiting.TryPop(out var node))
        {
            switch (node)
            {
                case JsonObject members:
                    foreach (var (_, member) in members)
                        waiting.Push(member);
                    break;
                case JsonArray list:
                    foreach (var item in list)
                        waiting.Push(item);
                    break;
                case JsonValue value:
                    value.TryGetValue<string>(out _);
                    break;
                default:
                    break;
            }
        }

        return root;
    }
}
