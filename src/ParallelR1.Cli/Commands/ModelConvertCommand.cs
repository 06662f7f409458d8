using System.CommandLine;
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
        type.AcceptOnlyFromAmong("auto", "f32", "bf16", "f16");
        var command = new Command("convert", "GGUF file to Hugging Face folder: convert model.gguf --out models/base") { file, output, type };
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
            Console.WriteLine($"{folder}: {config.Architecture.ToString().ToLowerInvariant()}, {config.Layers} layers, {config.WeightType.TorchName()}");
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
