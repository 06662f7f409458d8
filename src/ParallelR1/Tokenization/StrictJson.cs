using System.Text.Json;
using System.Text.Json.Nodes;

namespace ParallelR1.Tokenization;

/// <summary>
/// Parses JSON eagerly. The nodes of System.Text.Json are lazy: duplicate names and strings that are not Unicode would otherwise
/// be reported by other exceptions wherever they are first used.
/// </summary>
internal static class StrictJson
{
    /// <summary>Parses a document.</summary>
    /// <exception cref="JsonException">The text is not valid JSON.</exception>
    /// <exception cref="ArgumentException">A name is duplicated.</exception>
    /// <exception cref="InvalidOperationException">A string is not Unicode.</exception>
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
