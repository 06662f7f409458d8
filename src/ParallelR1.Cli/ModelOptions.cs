using System.CommandLine;
using ParallelR1.Torch;

namespace ParallelR1.Cli;

/// <summary><c>--model DIR [--dtype T] [--tags FILE]</c>: the model that a command decodes or scores with.</summary>
internal sealed class ModelOptions
{
    private readonly Option<string> _model = new("--model") { Description = "model folder (Hugging Face layout)", Required = true, HelpName = "DIR" };

    private readonly Option<string> _type = new("--dtype")
    {
        Description = "type of weights and arithmetic; auto: the faster one on this machine",
        DefaultValueFactory = _ => "f32",
        HelpName = "f32|bf16|auto",
    };

    private readonly Option<string?> _tags = new("--tags") { Description = "JSON object from tag to token id, for folders without a tokenizer", HelpName = "FILE" };

    public ModelOptions() => _type.AcceptOnlyFromAmong("f32", "bf16", "auto");

    public void AddTo(Command command)
    {
        command.Add(_model);
        command.Add(_type);
        command.Add(_tags);
    }

    public string Folder(ParseResult parsed) => parsed.GetValue(_model)!;

    public OpenModel Open(ParseResult parsed, string? chatTemplate = null) => OpenModel.Load(
        Folder(parsed),
        parsed.GetValue(_type) switch { "bf16" => ScalarType.BFloat16, "auto" => null, _ => ScalarType.Float32 },
        parsed.GetValue(_tags),
        chatTemplate);
}
