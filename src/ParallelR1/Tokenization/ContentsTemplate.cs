using System.Text;

namespace ParallelR1.Tokenization;

/// <summary><c>none</c>: the contents alone, one behind the other.</summary>
internal sealed class ContentsTemplate() : ChatTemplate("none")
{
    public override string Jinja => "{% for message in messages %}{{ message['content'] }}{% endfor %}";

    private protected override void Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt, StringBuilder output)
    {
        foreach (var message in messages)
            output.Append(message.Content);
    }
}
