using System.CommandLine;
using System.Text.Json.Nodes;
using ParallelR1.IO;
using ParallelR1.Models;

namespace ParallelR1.Cli.Commands;

/// <summary><c>model convert</c>: GGUF file → Hugging Face folder.</summary>
internal static class ModelConvertCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "GGUF file (llama, qwen2 or qwen3)" };
        var output = new Option<string>("--out") { Description = "folder to be made; must be empty or absent", Required = true };
        var type = new Option<string>("--dtype") { Description = "type of the written weights; auto: f32, or bf16 or f16 where the file holds nothing finer", DefaultValueFactory = _ => "auto" };
        var json = new Option<bool>("--json") { Description = "print the result as one JSON object" };
        type.AcceptOnlyFromAmong("auto", "f32", "bf16", "f16");
        var command = new Command("convert", "GGUF file to Hugging Face folder. Example: parallel-r1 model convert gguf/Qwen3-0.6B-Q8_0.gguf --out qwen3 (after parallel-r1 model pull Qwen/Qwen3-0.6B-GGUF --include '*Q8_0.gguf' --out gguf)") { file, output, type, json };
        command.SetAction((parsed, cancellation) =>
        {
            CheckpointDType? wanted = parsed.GetValue(type) switch
            {
                "f32" => CheckpointDType.F32,
                "bf16" => CheckpointDType.BF16,
                "f16" => CheckpointDType.F16,
                _ => null,
            };
            var folder = parsed.GetValue(output)!;
            var config = GgufConverter.Convert(parsed.GetValue(file)!, folder, wanted, cancellation);
            ModelWarnings.Print(config.Warnings);
            var architecture = config.Architecture.ToString().ToLowerInvariant();
            Console.WriteLine(parsed.GetValue(json)
                ? new JsonObject { ["path"] = folder, ["architecture"] = architecture, ["layers"] = config.Layers, ["dtype"] = config.WeightType.TorchName() }.ToJsonString(JsonLines.Options)
                : $"{folder}: {architecture}, {config.Layers} layers, {config.WeightType.TorchName()}");
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
