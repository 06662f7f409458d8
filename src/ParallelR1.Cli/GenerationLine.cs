using System.Text.Json;
using System.Text.Json.Nodes;
using ParallelR1.Generation;

namespace ParallelR1.Cli;

/// <summary>A line of <c>generate</c>: <c>{"id", "prompt" or "prompt_ids", "lead"?}</c>, and the line that comes of it.</summary>
internal sealed record GenerationLine(JsonNode? Id, GenerationRequest Request)
{
    /// <param name="line">The line.</param>
    /// <param name="encode">Token ids of a prompt given as text.</param>
    /// <param name="keys">Keys of the draws.</param>
    /// <exception cref="InputException">A field is missing, superfluous, or has another type.</exception>
    public static GenerationLine Read(JsonObject line, Func<string, int[]> encode, RequestKeys keys)
    {
        var prompt = (line["prompt"], line["prompt_ids"]) switch
        {
            ({ } text, null) => encode(Text(text)),
            (null, { }) => TokenLine.Integers(line, "prompt_ids"),
            _ => throw new InputException("a line needs exactly one of \"prompt\" and \"prompt_ids\""),
        };
        var lead = line["lead"] is null ? [] : TokenLine.Integers(line, "lead");
        return new GenerationLine(line["id"]?.DeepClone(), new GenerationRequest(prompt, keys.Next(line["id"])) { Lead = lead });
    }

    /// <summary>Writes the result as <c>{"id", "prompt_ids", "ids", "text", "sampled", "logprobs", "blocks", "finish"}</c>.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="id">The line's id.</param>
    /// <param name="result">The response.</param>
    /// <param name="text">Its text with tags and end-of-text; null without a tokenizer.</param>
    public static void Write(Utf8JsonWriter writer, JsonNode? id, GenerationResult result, string? text)
    {
        writer.WriteStartObject();
        NumberLists.WriteId(writer, id);
        NumberLists.Write(writer, "prompt_ids", result.Prompt);
        NumberLists.Write(writer, "ids", result.Ids);
        writer.WriteString("text", text);
        NumberLists.Write(writer, "sampled", Array.ConvertAll(result.Sampled, s => s ? 1 : 0));
        NumberLists.Write(writer, "logprobs", result.LogProbs);
        writer.WriteNumber("blocks", result.Blocks);
        writer.WriteString("finish", result.Finish == FinishReason.Eos ? "eos" : "length");
        writer.WriteEndObject();
    }

    private static string Text(JsonNode node)
    {
        try
        {
            if (node is JsonValue value && value.TryGetValue<string>(out var text))
                return text;
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or JsonException)
        {
            throw new InputException($"\"prompt\" is not valid Unicode: {e.Message}", e);
        }

        throw new InputException($"\"prompt\" is {TokenLine.Found(node)}, expected a string");
    }
}
