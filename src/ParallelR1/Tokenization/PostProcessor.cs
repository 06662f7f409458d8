using System.Text.Json.Nodes;

namespace ParallelR1.Tokenization;

/// <summary>The ids that are added before and after a text on request, such as begin-of-text.</summary>
internal sealed record PostProcessor(IReadOnlyList<int> Before, IReadOnlyList<int> Behind)
{
    private const int MostSteps = 32;

    /// <summary>Reads the post-processor of a tokenizer.json.</summary>
    /// <exception cref="InputException">A component is unknown.</exception>
    public static PostProcessor Read(JsonNode? node)
    {
        List<int> before = [], behind = [];
        var waiting = new Stack<ComponentReader>();
        if (node is not null)
            waiting.Push(ComponentReader.Of("post_processor", node));
        for (var steps = 0; waiting.TryPop(out var component); steps++)
        {
            if (steps == MostSteps)
                throw new InputException($"tokenizer.json: post_processor has more than {MostSteps} steps");
            switch (component.Type)
            {
                case "ByteLevel":
                    break;
                case "Sequence":
                    foreach (var inner in component.List("processors").Reverse())
                        waiting.Push(inner);
                    break;
                case "TemplateProcessing":
                    ReadTemplate(component, before, behind);
                    break;
                default:
                    throw component.Unknown("ByteLevel, Sequence, TemplateProcessing");
            }
        }

        return new PostProcessor(before, behind);
    }

    private static void ReadTemplate(ComponentReader component, List<int> before, List<int> behind)
    {
        var specials = component.Object("special_tokens");
        var ids = new List<int>();
        var textSeen = false;
        foreach (var piece in component.Array("single"))
        {
            if (piece is JsonObject only && only["Sequence"] is not null)
            {
                if (textSeen)
                    throw component.Wrong("single", "a template that holds its text once");
                before.AddRange(ids);
                ids.Clear();
                textSeen = true;
            }
            else if (piece is JsonObject special && special["SpecialToken"]?["id"] is JsonValue name
                && name.TryGetValue<string>(out var text) && specials[text]?["ids"] is JsonArray list)
            {
                foreach (var item in list)
                    ids.Add(item is JsonValue number && number.TryGetValue<int>(out var id) ? id : throw component.Wrong("special_tokens", "tokens with ids"));
            }
            else
            {
                throw component.Wrong("single", "a list of Sequence and SpecialToken that special_tokens knows");
            }
        }

        if (!textSeen)
            throw component.Wrong("single", "a template that holds its text once");
        behind.InsertRange(0, ids);
    }
}
