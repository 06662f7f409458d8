using System.Text.Json.Nodes;
using ParallelR1.Data;
using ParallelR1.IO;
using ParallelR1.Tokenization;

namespace ParallelR1.Training;

/// <summary>Prompt and response of an example, read from a record in any of the forms listed in docs/your-data.md.</summary>
/// <param name="Problem">The problem to insert into the prompt template; null if <paramref name="Messages"/> are the prompt.</param>
/// <param name="Messages">The chat up to the response, used as it is.</param>
/// <param name="Response">The response to learn.</param>
internal sealed record ExampleRow(string? Problem, IReadOnlyList<ChatMessage> Messages, string Response)
{
    private const string Unlearned = "paths_without_loss";
    private static readonly string[] s_fields = ["messages", "prompt", "problem", "response", "completion", "solution", Unlearned];

    /// <summary>Gets the paths of the response that are read but not learned, from 1 in the order in which they are written.</summary>
    public IReadOnlyList<int> PathsWithoutLoss { get; init; } = [];

    /// <summary>Checks the names of fields in a map.</summary>
    /// <exception cref="UsageException">The map names a field that examples do not have.</exception>
    public static void Check(IReadOnlyDictionary<string, string> map)
    {
        if (map.Keys.FirstOrDefault(field => !s_fields.Contains(field)) is { } field)
            throw new UsageException($"map: examples have no field '{field}'{NearestName.Suggest(field, s_fields)} The fields are {string.Join(", ", s_fields)}");
    }

    /// <summary>Reads a record.</summary>
    /// <exception cref="InputException">A field is missing or has an unexpected value; the message names the field and what was found.</exception>
    public static ExampleRow Read(JsonObject record, IReadOnlyDictionary<string, string> map)
    {
        var fields = new Fields(record, map);
        var row = Texts(fields);
        return fields.Find(Unlearned) is { } paths ? row with { PathsWithoutLoss = Ordinals(paths, fields.Name(Unlearned)) } : row;
    }

    private static ExampleRow Texts(in Fields fields)
    {
        if (fields.Find("messages") is { } chat && fields.Find("response") is null && fields.Find("completion") is null)
            return OfChat(ChatRows.Read(chat, fields.Name("messages")), fields.Name("messages"));
        var (learned, name) = fields.First("response", "completion", "solution");
        var answer = learned is JsonArray turns ? ChatRows.Read(turns, name) : [new ChatMessage("assistant", ChatRows.Text(learned, name))];
        if (fields.Find("prompt") is { } prompt)
            return OfChat([.. prompt is JsonArray asked ? ChatRows.Read(asked, fields.Name("prompt")) : [new ChatMessage("user", ChatRows.Text(prompt, fields.Name("prompt")))], .. answer], name);
        var (problem, problemName) = fields.First("problem");
        return answer is [var only]
            ? new ExampleRow(ChatRows.Text(problem, problemName), [], only.Content)
            : throw new InputException($"'{name}' has {answer.Count} messages; beside 'problem' it should be a string or one message");
    }

    private static int[] Ordinals(JsonNode node, string name) =>
        node is JsonArray list && list.All(item => item is JsonValue value && value.TryGetValue<int>(out var ordinal) && ordinal > 0)
            ? [.. list.Select(item => item!.GetValue<int>())]
            : throw new InputException($"'{name}' is {JsonText.Describe(node)}; expected a list of paths, counted from 1");

    /// <summary>Splits a chat into the prompt and the last message, which is learned.</summary>
    private static ExampleRow OfChat(List<ChatMessage> messages, string name)
    {
        if (messages[^1].Role != "assistant")
            throw new InputException($"'{name}' ends with a message of the role '{messages[^1].Role}', expected one of the assistant: it is what is learned");
        return messages.Count > 1
            ? new ExampleRow(null, [.. messages.Take(messages.Count - 1)], messages[^1].Content)
            : throw new InputException($"'{name}' has one message only; expected at least the user's and the assistant's");
    }

    private readonly record struct Fields(JsonObject Record, IReadOnlyDictionary<string, string> Map)
    {
        public string Name(string field) => Map.GetValueOrDefault(field, field);

        public JsonNode? Find(string field) => Map.TryGetValue(field, out var column)
            ? RowPath.Find(Record, column) ?? throw Missing($"no value in the column '{column}', which the map names for {field}")
            : Record[field];

        public (JsonNode Value, string Name) First(params string[] fields)
        {
            foreach (var field in fields)
            {
                if (Find(field) is { } value)
                    return (value, Name(field));
            }

            var wanted = string.Join(" nor ", fields.Select(f => $"'{f}'"));
            throw Missing(fields.Length > 1
                ? $"neither {wanted} (nor 'messages')"
                : $"neither 'prompt' nor {wanted}");
        }

        private InputException Missing(string what) =>
            new($"{what}; found the fields {(Record.Count == 0 ? "none" : string.Join(", ", Record.Select(p => p.Key).Take(30)))}. If one of them is called otherwise, say so with --map {(what.Contains("'problem'", StringComparison.Ordinal) ? "problem" : "response")}=COLUMN");
    }
}
