using System.Text;

namespace ParallelR1.Tokenization;

/// <summary><c>llama3</c>: every message follows a header with its role, the first one after begin-of-text.</summary>
/// <param name="name">Name of the template.</param>
/// <param name="alwaysPrompts">Whether the assistant's header is always appended, as in the model's first published template, even without a generation prompt.</param>
/// <param name="begin">The begin-of-text token of the tokenizer.</param>
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

    /// <summary>Trims like Python's <c>strip</c>, which also removes the four ASCII separators.</summary>
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
