using System.Text.Json.Nodes;

namespace ParallelR1.Cli;

/// <summary>A line of <c>layout</c> or <c>score</c>: <c>{"id", "ids": [int], "prompt_length": int}</c>.</summary>
internal sealed record TokenLine(JsonNode? Id, int[] Ids, int PromptLength)
{
    /// <exception cref="InputException">A field is missing or has another type, an id is negative, or the prompt is longer than the ids.</exception>
    public static TokenLine Read(JsonObject line)
    {
        var ids = Integers(line, "ids");
        var promptLength = Integer(line["prompt_length"], "prompt_length");
        if (promptLength < 0 || promptLength > ids.Length)
            throw new InputException($"prompt_length is {promptLength}, but there are {ids.Length} ids; it must be from 0 to that number");
        return new TokenLine(line["id"]?.DeepClone(), ids, promptLength);
    }

    /// <summary>A field that is a list of token ids.</summary>
    public static int[] Integers(JsonObject line, string name)
    {
        if (line[name] is not JsonArray array)
            throw new InputException($"\"{name}\" is {Found(line[name])}, expected a list of token ids");
        var ids = new int[array.Count];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = Integer(array[i], $"{name}[{i}]");
            if (ids[i] < 0)
                throw new InputException($"{name}[{i}] is {ids[i]}; token ids are not negative");
        }

        return ids;
    }

    private static int Integer(JsonNode? node, string name) =>
        node is JsonValue value && value.TryGetValue<int>(out var number)
            ? number
            : throw new InputException($"\"{name}\" is {Found(node)}, expected an integer");

    public static string Found(JsonNode? node)
    {
        var text = node?.ToJsonString() ?? "missing or null";
        return text.Length <= 60 ? text : $"{text.AsSpan(0, 57)}...";
    }
}
