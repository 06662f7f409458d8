using System.Text;

namespace ParallelR1.Tokenization;

/// <summary>What Qwen's templates share: which roles there are, and how answers of tools are grouped.</summary>
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
                    // The original leaves such a message out without a word.
                    throw new InputException($"the chat template {Name} knows no role \"{message.Role}\" (system, user, assistant, tool)");
            }
        }

        if (addGenerationPrompt)
            output.Append(GenerationPrompt);
    }

    /// <summary>The system message of a chat that brings none.</summary>
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

/// <summary><c>qwen3_2507</c>: Qwen3's instruct models of July 2025, which do not think: contents as they are, no default system message.</summary>
internal sealed class Qwen3InstructTemplate() : QwenTemplate("qwen3_2507");
