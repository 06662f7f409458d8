using System.CommandLine;
using ParallelR1.Tokenization;

namespace ParallelR1.Cli.Commands;

/// <summary><c>tokenize</c>: text to ids and back, and chats to ids.</summary>
internal static class TokenizeCommand
{
    private static readonly string[] s_tags = ["<Path>", "</Path>", "<Parallel>", "</Parallel>", "<Summary>", "</Summary>"];

    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "model folder; only the tokenizer's files are needed", Required = true };
        var template = new Option<string?>("--template") { Description = $"chat template instead of the folder's: {string.Join(", ", ChatTemplate.Names)}" };
        var noThinking = new Option<bool>("--no-thinking") { Description = "qwen3: the generation prompt closes the think block at once" };
        var addTags = new Option<bool>("--add-tags") { Description = "adds the six tags as special tokens first, where they are missing" };
        var lines = new LineOptions();
        var command = new Command(
            "tokenize",
            "Text to ids and back: lines {id, text}, {id, ids} or {id, messages, add_generation_prompt}.\n"
            + "Example: echo '{\"id\": 1, \"text\": \"41-12=29\"}' | parallel-r1 tokenize --model assets/mini-base")
        {
            model, template, noThinking, addTags,
        };
        lines.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var tokenizer = Tokenizer.Load(parsed.GetValue(model)!);
            ModelWarnings.Print(tokenizer.Warnings);
            if (parsed.GetValue(addTags))
                tokenizer = tokenizer.WithAddedTokens(s_tags);
            var name = parsed.GetValue(template);
            var thinking = !parsed.GetValue(noThinking);
            // Named at once, so that a wrong name is reported even for an input without chats.
            var chat = name is null ? null : tokenizer.ChatTemplateFor(name, thinking);
            return Task.FromResult(lines.Run(
                parsed, line => TokenizeLine.Map(tokenizer, () => chat ??= tokenizer.ChatTemplateFor(thinking: thinking), line), cancellation));
        });
        return command;
    }
}
