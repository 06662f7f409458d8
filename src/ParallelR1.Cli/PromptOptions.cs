using System.CommandLine;
using ParallelR1.Thinking;
using ParallelR1.Tokenization;

namespace ParallelR1.Cli;

/// <summary><c>[--raw] [--prompt-template NAME_OR_FILE] [--template NAME]</c>: what is put around a text before the model reads it.</summary>
internal sealed class PromptOptions
{
    private readonly Option<string?> _problem = new("--prompt-template")
    {
        Description = $"what is put around the text first: {string.Join(", ", ProblemTemplate.Names)}, or a file with {{Problem}} (default: what the folder says it was trained with, else parallel-thinking if the model has the tags)",
        HelpName = "NAME_OR_FILE",
    };

    private readonly Option<string?> _chat = new("--template") { Description = $"chat template instead of the folder's: {string.Join(", ", ChatTemplate.Names)}", HelpName = "NAME" };

    public Option<bool> Raw { get; } = new("--raw") { Description = "take texts as they are, without any template" };

    public void AddTo(Command command, bool raw)
    {
        if (raw)
            command.Add(Raw);
        command.Add(_problem);
        command.Add(_chat);
    }

    /// <summary>What is put around a problem, in words.</summary>
    public string Describe(ParseResult parsed, OpenModel model, string withoutTags)
    {
        var template = parsed.GetValue(_problem) ?? (model.Language?.ProblemTemplate is not null ? "of the model's training" : model.Tags is null ? withoutTags : "parallel-thinking");
        var chat = parsed.GetValue(_chat) ?? (model.Language?.Tokenizer.ChatTemplateText is null ? "none" : "the folder's");
        return $"prompt template {template}, chat template {chat}";
    }

    public string? NamedChat(ParseResult parsed) => parsed.GetValue(_chat);

    /// <summary>What is put around a problem.</summary>
    /// <inheritdoc cref="Encoder"/>
    public ProblemTemplate Template(ParseResult parsed, OpenModel model, string withoutTags) => parsed.GetValue(_problem) is { } named
        ? ProblemTemplate.Load(named)
        : model.Language?.ProblemTemplate ?? ProblemTemplate.Load(model.Tags is null ? withoutTags : "parallel-thinking");

    /// <summary>The token ids of a text; an error where the folder has no tokenizer.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="model">The model.</param>
    /// <param name="withoutTags">The template for models without the tags whose folder records none.</param>
    public Func<string, int[]> Encoder(ParseResult parsed, OpenModel model, string withoutTags)
    {
        if (parsed.GetValue(Raw) && (parsed.GetValue(_problem) ?? parsed.GetValue(_chat)) is not null)
            throw new UsageException("--raw takes texts without any template; leave out --prompt-template and --template");
        var template = Template(parsed, model, withoutTags);
        if (model.Language is not { } language)
            return _ => throw new InputException("the model folder has no tokenizer.json, so a prompt must be given as \"prompt_ids\"");
        return parsed.GetValue(Raw) ? language.EncodeRaw : text => language.EncodeProblem(template, text);
    }
}
