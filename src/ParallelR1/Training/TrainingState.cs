using System.Text.Json.Nodes;
using ParallelR1.Generation;
using ParallelR1.IO;
using ParallelR1.Models;
using ParallelR1.Torch;
using ParallelR1.Training.Optimization;

namespace ParallelR1.Training;

/// <summary>
/// What a run needs to go on bit for bit: parameters, the optimizer's state, and the number of steps. All draws are keyed by the step, so
/// there is no generator to save.
/// </summary>
internal static class TrainingState
{
    private const string Parameters = "parameters.safetensors";
    private const string OptimizerName = "optimizer.safetensors";
    private const string StateName = "state.json";

    /// <summary>Writes a checkpoint into an existing folder.</summary>
    public static void Save(string folder, LanguageModel model, AdamW optimizer, int step)
    {
        SafetensorsWriter.Write(Path.Combine(folder, Parameters), model.Decoder.Parameters.Select(p => Exact(p.Key, p.Value)));
        SafetensorsWriter.Write(Path.Combine(folder, OptimizerName), optimizer.State().Select(p => Exact(p.Key, p.Value)));
        var state = new JsonObject { ["step"] = step, ["optimizer_steps"] = optimizer.Steps };
        AtomicFile.WriteText(Path.Combine(folder, StateName), state.ToJsonString() + "\n");
    }

    /// <summary>Restores a checkpoint.</summary>
    public static void Restore(string folder, LanguageModel model, AdamW optimizer)
    {
        using var scope = new TensorScope();
        using var mode = GradMode.Off();
        using var parameters = SafetensorsFile.Open(Path.Combine(folder, Parameters));
        foreach (var (name, parameter) in model.Decoder.Parameters)
            parameter.CopyFrom(Read(parameters, name, parameter));
        using var state = SafetensorsFile.Open(Path.Combine(folder, OptimizerName));
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, StateName)));
        var steps = json?["optimizer_steps"]?.GetValue<int>() ?? throw new InputException($"{folder}: {StateName} lacks optimizer_steps");
        optimizer.Restore(steps, name => Read(state, name, null));
    }

    private static Tensor Read(SafetensorsFile file, string name, Tensor? like)
    {
        if (!file.TryGet(name, out var entry))
            throw new InputException($"{file.Path}: no tensor '{name}'; the checkpoint belongs to another model");
        if (like is not null && !entry.Shape.SequenceEqual(like.Shape))
            throw new InputException($"{file.Path}: tensor '{name}' is {entry.ShapeText}, the model's is [{string.Join(", ", like.Shape)}]");
        return Tensor.From(file.Bytes(name), DecoderFiles.TorchType(entry.DType), [.. entry.Shape]);
    }

    private static TensorSource Exact(string name, Tensor tensor) =>
        DecoderFiles.Source(name, tensor, tensor.DType == ScalarType.BFloat16 ? CheckpointDType.BF16 : CheckpointDType.F32);
}
