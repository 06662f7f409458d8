using System.CommandLine;
using ParallelR1.Generation;
using ParallelR1.Models;
using ParallelR1.Torch;

namespace ParallelR1.Cli;

/// <summary><c>--model DIR [--dtype T] [--tags FILE]</c>: the model that a command decodes or scores with.</summary>
internal sealed class ModelOptions
{
    private readonly Option<string> _model = new("--model") { Description = "model folder (Hugging Face layout)", Required = true, HelpName = "DIR" };

    private readonly Option<string?> _type;

    private readonly Option<bool> _exact = new("--exact")
    {
        Description = "log-probabilities that are equal bit for bit wherever they are computed: decoded or scored, alone or beside others, with any number of threads; --dtype is f32 unless given",
    };

    private readonly Option<string?> _tags = new("--tags") { Description = "JSON object from tag to token id, for folders without a tokenizer", HelpName = "FILE" };

    public ModelOptions(string type = "auto") => _type = CreateType(type);

    /// <summary><c>--dtype auto|f32|bf16</c>.</summary>
    /// <param name="standard">The type where none is given; null: what the recipe says.</param>
    public static Option<string?> CreateType(string? standard)
    {
        var type = new Option<string?>("--dtype")
        {
            Description = "type of weights and arithmetic; auto: bf16 where it is right and at least 1.3 times as fast on this machine, else f32",
            HelpName = "auto|f32|bf16",
        };
        if (standard is not null)
            type.DefaultValueFactory = _ => standard;
        type.AcceptOnlyFromAmong("auto", "f32", "bf16");
        return type;
    }

    public void AddTo(Command command)
    {
        command.Add(_model);
        command.Add(_type);
        command.Add(_tags);
        command.Add(_exact);
    }

    /// <summary>Whether log-probabilities are to be equal bit for bit.</summary>
    public bool Exact(ParseResult parsed) => parsed.GetValue(_exact);

    public string Folder(ParseResult parsed) => parsed.GetValue(_model)!;

    public OpenModel Open(ParseResult parsed, string? chatTemplate = null)
    {
        // A folder that is missing is said before anything is measured.
        _ = ModelConfig.Load(Folder(parsed));
        ScalarType? given = parsed.GetValue(_type) switch { "bf16" => ScalarType.BFloat16, "f32" => ScalarType.Float32, _ => null };
        if (given is { } type && parsed.GetResult(_type) is { Implicit: false } && ComputeDevice.Dtype.Objection(type) is { } objection)
            Console.Error.WriteLine($"warning: {objection}");
        // What auto takes is measured, and may differ from one command to the next.
        if (Exact(parsed) && parsed.GetResult(_type) is not { Implicit: false })
            given = ScalarType.Float32;
        var model = OpenModel.Load(Folder(parsed), given, parsed.GetValue(_tags), chatTemplate);
        try
        {
            model.Decoder.Exact = Exact(parsed);
        }
        catch
        {
            model.Dispose();
            throw;
        }

        return model;
    }
}
