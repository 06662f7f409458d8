using System.CommandLine;
using ParallelR1.Thinking;
using ParallelR1.Tokenization;

namespace ParallelR1.Cli;

/// <summary><c>[--model DIR] [--tags FILE]</c>: where the ids of the six tags come from.</summary>
internal sealed class TagOptions
{
    public Option<string?> Model { get; } = new("--model") { Description = "model folder; its tokenizer knows the tags" };

    public Option<string?> Tags { get; } = new("--tags") { Description = "JSON object from tag to token id, instead of a tokenizer" };

    public void AddTo(Command command)
    {
        command.Add(Model);
        command.Add(Tags);
    }

    /// <exception cref="UsageException">Neither option was given, or the folder's vocabulary lacks the tags.</exception>
    public TagIds Resolve(ParseResult parsed)
    {
        if (parsed.GetValue(Tags) is { } file)
            return TagIds.FromFile(file);
        if (parsed.GetValue(Model) is not { } folder)
            throw new UsageException("the ids of the six tags are needed: give --model DIR or --tags FILE");
        var tokenizer = Tokenizer.Load(folder);
        try
        {
            return TagIds.Resolve(text => tokenizer.Encode(text) is [var id] ? id : null, tokenizer.EosId);
        }
        catch (InputException e)
        {
            throw new UsageException($"{folder}: {e.Message}", e);
        }
    }
}
