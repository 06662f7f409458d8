using System.Text;

namespace ParallelR1.Tokenization;

/// <summary>Base of Qwen's templates: the roles, and the grouping of tool responses.</summary>
internal abstract class QwenTemplate(string name) : ChatTemplate(name)
{
    private protected sealed override void Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt, StringBuilder output)
    {
        if (DefaultSystem is { } system && messages[0].Role != "system")
            AppendMessage(output, "system", system);
        for (var i = 0; i < messages.Count; i++)
        {
            var message = messages[i];
            switch (message.Role)
            {
                case "system" or "user":
                    AppendMessage(output, message.Role, message.Content);
                    break;
                case "assistant":
                    AppendMessage(output, message.Role, AssistantText(messages, i));
                    break;
                case "tool":
                    AppendTool(output, messages, i);
                    break;
                default:
                    // The original template silently omits such a message.
                    throw new InputException($"the chat template {Name} knows no role \"{message.Role}\" (system, user, assistant, tool)");
            }
        }

        if (addGenerationPrompt)
            output.Append(GenerationPrompt);
    }

    /// <summary>Gets the system message of a chat without one.</summary>
    private protected virtual string? DefaultSystem => null;

    private protected virtual string GenerationPrompt => "<|im_start|>assistant\n";

    private protected virtual string AssistantText(IReadOnlyList<ChatMessage> messages, int index) => messages[index].Content;

    private static void AppendTool(StringBuilder output, IReadOnlyList<ChatMessage> messages, int index)
    {
        if (index == 0 || messages[index - 1].Role != "tool")
            output.Append("<|im_start|>user");
        output.Append("\n<tool_response>\n").Append(messages[index].Content).Append("\n</tool_response>");
        if (index == messages.Count - 1 || messages[index + 1].Role != "tool")
            output.Append("<|im_end|>\n");
    }
}

/// <summary><c>qwen2_5</c>: ChatML with a default system message.</summary>
internal sealed class Qwen25Template() : QwenTemplate("qwen2_5")
{
    private protected override string DefaultSystem => "You are Qwen, created by Alibaba Cloud. You are a helpful assistant.";
}

/// <summary><c>qwen3_2507</c>: Qwen3's instruct models of July 2025, without reasoning: unchanged contents, no default system message.</summary>
internal sealed class Qwen3InstructTemplate() : QwenTemplate("qwen3_2507");
