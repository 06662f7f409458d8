using System.Text.Json;
using System.Text.Json.Nodes;
using ParallelR1.Tokenization;

namespace ParallelR1.Cli.Commands;

/// <summary>One line of <c>tokenize</c>.</summary>
internal static class TokenizeLine
{
    public static JsonObject Map(Tokenizer tokenizer, Func<ChatTemplate> template, JsonObject line)
    {
        try
        {
            return (line["text"], line["messages"], line["ids"]) switch
            {
                ({ } text, null, null) => Ids(tokenizer, line, tokenizer.Encode(Text(text, "text"))),
                (null, { } messages, null) => Ids(tokenizer, line, tokenizer.Encode(Chat(template(), messages, line["add_generation_prompt"]))),
                (null, null, JsonArray ids) => Texts(tokenizer, new JsonObject { ["id"] = line["id"]?.DeepClone() }, [.. ids.Select(Id)]),
                (null, null, { }) => throw new InputException("\"ids\" should be a list of whole numbers"),
                _ => throw new InputException("a line needs exactly one of \"text\", \"ids\" and \"messages\""),
            };
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or JsonException or ArgumentException)
        {
            throw new InputException($"a text in it is not valid Unicode: {e.Message}", e);
        }
    }

    private static JsonObject Ids(Tokenizer tokenizer, JsonObject line, int[] ids)
    {
        var list = new JsonArray();
        foreach (var id in ids)
            list.Add((JsonNode)id);
        return Texts(tokenizer, new JsonObject { ["id"] = line["id"]?.DeepClone(), ["ids"] = list }, ids);
    }

    private static JsonObject Texts(Tokenizer tokenizer, JsonObject output, int[] ids)
    {
        output["text"] = tokenizer.Decode(ids);
        output["text_without_specials"] = tokenizer.Decode(ids, skipSpecial: true);
        return output;
    }

    private static string Chat(ChatTemplate template, JsonNode node, JsonNode? generationPrompt)
    {
        if (node is not JsonArray list)
            throw new InputException("\"messages\" should be a list");
        var messages = list.Select((message, i) => message is JsonObject value
            ? new ChatMessage(Text(value["role"], $"messages[{i}].role"), Text(value["content"], $"messages[{i}].content"))
            : throw new InputException($"messages[{i}] should be an object with \"role\" and \"content\"")).ToList();
        var prompt = generationPrompt switch
        {
            null => false,
            JsonValue value when value.TryGetValue<bool>(out var flag) => flag,
            _ => throw new InputException("\"add_generation_prompt\" should be true or false"),
        };
        return template.Render(messages, prompt);
    }

    private static string Text(JsonNode? node, string name) => node is JsonValue value && value.TryGetValue<string>(out var text)
        ? text
        : throw new InputException($"\"{name}\" should be a string");

    private static int Id(JsonNode? node) => node is JsonValue value && value.TryGetValue<int>(out var id) && id >= 0
        ? id
        : throw new InputException($"\"ids\" should be a list of token ids, whole numbers from 0 on; found {TokenLine.Found(node)}");
}
