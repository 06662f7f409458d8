namespace ParallelR1.Tokenization;

/// <summary><c>qwen3</c>: keeps reasoning only after the last question; without thinking, the generation prompt closes the think block.</summary>
internal sealed class Qwen3Template(bool thinking) : QwenTemplate("qwen3")
{
    private const string Open = "<think>";
    private const string Close = "</think>";

    private protected override string GenerationPrompt => thinking ? base.GenerationPrompt : base.GenerationPrompt + "<think>\n\n</think>\n\n";

    private protected override string AssistantText(IReadOnlyList<ChatMessage> messages, int index)
    {
        var content = messages[index].Content;
        var reasoning = "";
        if (content.Contains(Close, StringComparison.Ordinal))
        {
            reasoning = Reasoning(content);
            content = content[(content.LastIndexOf(Close, StringComparison.Ordinal) + Close.Length)..].TrimStart('\n');
        }

        var isLast = index == messages.Count - 1;
        return index > LastQuestion(messages) && (isLast || reasoning.Length > 0)
            ? $"{Open}\n{reasoning.Trim('\n')}\n{Close}\n\n{content.TrimStart('\n')}"
            : content;
    }

    private static string Reasoning(string content)
    {
        var before = content[..content.IndexOf(Close, StringComparison.Ordinal)].TrimEnd('\n');
        var open = before.LastIndexOf(Open, StringComparison.Ordinal);
        return (open < 0 ? before : before[(open + Open.Length)..]).TrimStart('\n');
    }

    private static int LastQuestion(IReadOnlyList<ChatMessage> messages)
    {
        for (var i = messages.Count - 1; i >= 0; i--)
        {
            if (messages[i].Role == "user" && !IsToolResponse(messages[i].Content))
                return i;
        }

        return messages.Count - 1;
    }

    private static bool IsToolResponse(string content) =>
        content.StartsWith("<tool_response>", StringComparison.Ordinal) && content.EndsWith("</tool_response>", StringComparison.Ordinal);
}
