using System.Text.Json;
using System.Text.Json.Nodes;

namespace ParallelR1.Data.ColdStart;

/// <summary>Converts requests and replies of the OpenAI chat completions API to and from JSON.</summary>
internal static class TeacherWire
{
    /// <summary>Writes the body of a request with one user message.</summary>
    public static JsonObject Request(TeacherOptions options, string prompt, int seed)
    {
        var body = new JsonObject
        {
            ["model"] = options.Model,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = prompt }),
            ["temperature"] = options.Temperature,
            ["top_p"] = options.TopP,
            ["max_tokens"] = options.MaxTokens,
            ["seed"] = seed,
            ["stream"] = false,
        };
        foreach (var (key, value) in options.Extra ?? [])
        {
            if (value is null)
                body.Remove(key);
            else
                body[key] = value.DeepClone();
        }

        return body;
    }

    /// <summary>Reads a reply. <c>reasoning_content</c> and other fields are ignored.</summary>
    /// <exception cref="FormatException">The body is not a reply; the message describes it.</exception>
    public static TeacherReply Reply(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 64 });
            var root = json.RootElement;
            if (Member(root, "choices") is not { ValueKind: JsonValueKind.Array } choices || choices.GetArrayLength() == 0)
                throw new FormatException(Error(root) is { } error ? $"an error instead of a reply: {error}" : "a reply without choices");
            var choice = choices[0];
            if (Member(choice, "message") is not { ValueKind: JsonValueKind.Object } message)
                throw new FormatException("a reply without a message");
            var usage = Member(root, "usage");
            return new TeacherReply(
                Content(Member(message, "content")),
                Text(Member(choice, "finish_reason")),
                Text(Member(root, "model")),
                Count(Member(usage, "prompt_tokens")),
                Count(Member(usage, "completion_tokens")));
        }
        catch (JsonException e)
        {
            throw new FormatException($"a reply that is not valid JSON, perhaps cut off after {body.Length:N0} bytes", e);
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException("a reply with text that is not valid Unicode", e);
        }
    }

    /// <summary>Gets the message in the body of an error, in any known layout; null if there is none.</summary>
    public static (string? Message, string? Code) ErrorOf(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 64 });
            var error = Member(json.RootElement, "error");
            return (Error(json.RootElement), Text(Member(error, "code")) ?? Text(Member(error, "type")));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            var text = System.Text.Encoding.UTF8.GetString(body).Trim();
            return (text.Length == 0 || text.StartsWith('<') ? null : text, null);
        }
    }

    private static string? Error(JsonElement root) =>
        Text(Member(Member(root, "error"), "message")) ?? Text(Member(root, "error")) ?? Text(Member(root, "message")) ?? Text(Member(root, "detail"));

    // A string; a list of parts, of which the texts are joined; or null if a reasoning model did not reach its answer.
    private static string Content(JsonElement? content) => content switch
    {
        null or { ValueKind: JsonValueKind.Null } => "",
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.Array } parts => string.Concat(parts.EnumerateArray().Select(p => Text(Member(p, "text")) ?? "")),
        var other => throw new FormatException($"a message whose content is a {other.Value.ValueKind}"),
    };

    private static JsonElement? Member(JsonElement? value, string name) =>
        value is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty(name, out var member) ? member : null;

    private static string? Text(JsonElement? value) => value is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static long? Count(JsonElement? value) =>
        value is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var count) && count >= 0 ? count : null;
}

/// <summary>A teacher's reply to one request.</summary>
/// <param name="Text">The whole text, including reasoning if the server leaves it in; may be empty.</param>
/// <param name="FinishReason">The server's finish reason: <c>stop</c>, <c>length</c>, …; null if not given.</param>
/// <param name="Model">The server's name of the model.</param>
/// <param name="PromptTokens">Number of prompt tokens; null if not given.</param>
/// <param name="CompletionTokens">Number of completion tokens; null if not given.</param>
internal sealed record TeacherReply(string Text, string? FinishReason, string? Model, long? PromptTokens, long? CompletionTokens)
{
    /// <summary>Number of attempts until the reply arrived.</summary>
    public int Attempts { get; init; } = 1;
}
