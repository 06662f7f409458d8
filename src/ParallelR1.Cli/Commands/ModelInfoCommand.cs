using System.CommandLine;
using System.Text.Json.Nodes;
using ParallelR1.IO;
using ParallelR1.Models;
using ParallelR1.Thinking;

namespace ParallelR1.Cli.Commands;

/// <summary><c>model info</c>: what a model file or folder holds.</summary>
internal static class ModelInfoCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("path") { Description = "safetensors or GGUF file, or model folder" };
        var json = new Option<bool>("--json") { Description = "one JSON object" };
        var command = new Command("info", "What a model file or folder holds. Example: parallel-r1 model info assets/mini-base --json") { path, json };
        command.SetAction(parsed =>
        {
            var info = ModelInfo.Read(parsed.GetValue(path)!);
            ModelWarnings.Print(info.Warnings);
            if (parsed.GetValue(json))
                Console.WriteLine(Json(info).ToJsonString(JsonLines.Options));
            else
                Print(info);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(ModelInfo info)
    {
        Line("path", info.Path);
        Line("format", info.Format);
        if (info.Config is { } config)
        {
            Line("architecture", config.Architecture.ToString().ToLowerInvariant());
            Line("layers", $"{config.Layers}, hidden {config.HiddenSize}, feed-forward {config.IntermediateSize}");
            Line("heads", $"{config.Heads} of size {config.HeadDim}, {config.KeyValueHeads} for keys and values");
            Line("vocabulary", $"{config.VocabSize} rows, {(config.TieWordEmbeddings ? "tied" : "untied")} head");
            Line("context", $"{config.MaxPositions} tokens, rotary base {config.Rope.Theta}, scaling {config.Rope.Type.ToString().ToLowerInvariant()}");
        }

        Line("parameters", $"{info.Parameters:N0} in {info.Tensors.Count} tensors, {info.FileBytes:N0} bytes");
        Line("types", string.Join(", ", info.Types.Select(t => $"{t.Key} {t.Value:N0}")));
        Line("tags", Tags(info));
        foreach (var (name, type, shape) in info.Tensors)
            Console.WriteLine($"  {name}  {type}  [{string.Join(", ", shape)}]");
    }

    private static void Line(string name, string text) => Console.WriteLine($"{name,-13} {text}");

    private static string Tags(ModelInfo info) => info.Tags switch
    {
        null => "no tokenizer",
        { Count: 0 } => "none (model init-tags adds them)",
        var tags => string.Join(", ", tags.OrderBy(t => t.Key).Select(t => $"{t.Key.Text()} {t.Value}")),
    };

    private static JsonObject Json(ModelInfo info)
    {
        var json = new JsonObject { ["path"] = info.Path, ["format"] = info.Format };
        if (info.Config is { } config)
        {
            json["architecture"] = config.Architecture.ToString().ToLowerInvariant();
            json["vocab_size"] = config.VocabSize;
            json["hidden_size"] = config.HiddenSize;
            json["intermediate_size"] = config.IntermediateSize;
            json["layers"] = config.Layers;
            json["heads"] = config.Heads;
            json["key_value_heads"] = config.KeyValueHeads;
            json["head_dim"] = config.HeadDim;
            json["tied"] = config.TieWordEmbeddings;
            json["max_positions"] = config.MaxPositions;
            json["rope"] = new JsonObject { ["type"] = config.Rope.Type.ToString().ToLowerInvariant(), ["theta"] = config.Rope.Theta };
        }

        json["parameters"] = info.Parameters;
        json["file_bytes"] = info.FileBytes;
        json["dtypes"] = new JsonObject(info.Types.Select(t => KeyValuePair.Create(t.Key, (JsonNode?)t.Value)));
        json["has_tags"] = info.Tags?.Count == Enum.GetValues<ThinkingTag>().Length;
        json["tags"] = info.Tags is { } tags ? new JsonObject(tags.Select(t => KeyValuePair.Create(t.Key.Text(), (JsonNode?)t.Value))) : null;
        json["tensors"] = new JsonArray([.. info.Tensors.Select(t => (JsonNode)new JsonObject
        {
            ["name"] = t.Name,
            ["dtype"] = t.Type,
            ["shape"] = new JsonArray([.. t.Shape.Select(s => (JsonNode)s)]),
        })]);
        return json;
    }
}
