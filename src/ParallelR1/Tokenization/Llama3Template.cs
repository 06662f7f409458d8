using System.Text;

namespace ParallelR1.Tokenization;

/// <summary><c>llama3</c>: every message under a header with its role, begin-of-text before the first one.</summary>
/// <param name="name">The name by which it is built in.</param>
/// <param name="alwaysPrompts">The answer's header comes even where no generation prompt is asked for, as in the model's first published template.</param>
/// <param name="begin">The tokenizer's begin-of-text.</param>
internal sealed class Llama3Template(string name, bool alwaysPrompts, string begin = "<|begin_of_text|>") : ChatTemplate(name)
{
    internal override ChatTemplate For(Tokenizer tokenizer) =>
        new Llama3Template(Name, alwaysPrompts, tokenizer.BosId is { } id ? tokenizer.TokenOf(id)! : "");

    private protected override void Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt, StringBuilder output)
    {
        output.Append(begin);
        foreach (var message in messages)
            AppendHeader(output, message.Role).Append(Strip(message.Content)).Append("<|eot_id|>");
        if (addGenerationPrompt || alwaysPrompts)
            AppendHeader(output, "assistant");
    }

    private static StringBuilder AppendHeader(StringBuilder output, string role) =>
        output.Append("<|start_header_id|>").Append(role).Append("<|end_header_id|>\n\n");

    /// <summary>As Python's <c>strip</c>, which also takes the four separators of ASCII.</summary>
    private static string Strip(string text)
    {
        var (start, end) = (0, text.Length);
        while (start < end && IsSpace(text[start]))
            start++;
        while (end > start && IsSpace(text[end - 1]))
            end--;
        return text[start..end];

        static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\x1C' and <= '\x1F';
    }
}
