using System.Text;

namespace ParallelR1.Tokenization;

/// <summary>ChatML as it is, with or without a system message of its own (<c>plain</c>, <c>smollm2</c>).</summary>
internal sealed class ChatMlTemplate(string name, string? defaultSystem) : ChatTemplate(name)
{
    public override string? Jinja => defaultSystem is null
        ? "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}{% endfor %}"
            + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
        : null;

    private protected override void Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt, StringBuilder output)
    {
        if (defaultSystem is not null && messages[0].Role != "system")
            AppendMessage(output, "system", defaultSystem);
        foreach (var message in messages)
            AppendMessage(output, message.Role, message.Content);
        if (addGenerationPrompt)
            output.Append("<|im_start|>assistant\n");
    }
}
