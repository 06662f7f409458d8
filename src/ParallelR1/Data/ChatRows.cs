using System.Text.Json.Nodes;
using ParallelR1.IO;
using ParallelR1.Tokenization;

namespace ParallelR1.Data;

/// <summary>Converts between chats and their representation in rows, lists of <c>{"role": …, "content": …}</c>.</summary>
internal static class ChatRows
{
    private static readonly string[] s_roles = ["system", "user", "assistant"];

    /// <summary>Reads the messages of a list.</summary>
    /// <param name="node">The list.</param>
    /// <param name="name">Its name in error messages.</param>
    /// <exception cref="InputException">The node is not a list of messages, or is empty; the error names the message and what was found.</exception>
    public static List<ChatMessage> Read(JsonNode node, string name)
    {
        if (node is not JsonArray { Count: > 0 } list)
            throw new InputException($"'{name}' is {JsonText.Describe(node)}, expected a list of messages");
        return [.. list.Select((item, i) => item is JsonObject message
            ? new ChatMessage(Role(message, $"{name}[{i}]"), Text(message["content"], $"{name}[{i}].content"))
            : throw new InputException($"'{name}[{i}]' is {JsonText.Describe(item)}, expected a message with 'role' and 'content'"))];
    }

    /// <summary>Converts messages to JSON.</summary>
    public static JsonArray ToJson(IEnumerable<ChatMessage> messages) =>
        [.. messages.Select(m => new JsonObject { ["role"] = m.Role, ["content"] = m.Content })];

    /// <summary>Reads a string.</summary>
    /// <exception cref="InputException">The node is not a string.</exception>
    public static string Text(JsonNode? node, string name) => node is JsonValue value && value.TryGetValue<string>(out var text)
        ? text
        : throw new InputException($"'{name}' is {JsonText.Describe(node)}, expected a string");

    private static string Role(JsonObject message, string name)
    {
        var role = Text(message["role"], $"{name}.role");
        return s_roles.Contains(role) ? role : throw new InputException($"'{name}.role' is '{role}', expected {string.Join(", ", s_roles)}");
    }
}
