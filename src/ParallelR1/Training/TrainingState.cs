using System.Text.Json;
using System.Text.Json.Nodes;
using ParallelR1.Generation;
using ParallelR1.IO;
using ParallelR1.Models;
using ParallelR1.Torch;
using ParallelR1.Training.Optimization;

namespace ParallelR1.Training;

/// <summary>
/// The state that a run needs to resume bit for bit: trainable parameters, the optimizer's state, the number of steps, and the data state of a
/// stage unless the step determines it. All random draws are keyed by the step, so there is no generator to save.
/// </summary>
internal static class TrainingState
{
    private const string Parameters = "parameters.safetensors";
    private const string OptimizerName = "optimizer.safetensors";
    private const string StateName = "state.json";
    private const string DataKey = "place";

    /// <summary>Writes a checkpoint into an existing folder.</summary>
    /// <exception cref="InputException">A parameter or moment is not finite, so a run could not resume from the checkpoint.</exception>
    public static void Save(string folder, LanguageModel model, AdamW optimizer, int step, JsonObject inputs, JsonObject? data)
    {
        FiniteTensors.Require(model.Decoder.Trainable.Concat(optimizer.State()), name => $"after step {step} {name} holds values that are not finite, so no checkpoint was written; resume from an earlier one with a lower optimizer.learning_rate, or start again");
        SafetensorsWriter.Write(Path.Combine(folder, Parameters), model.Decoder.Trainable.Select(p => Exact(p.Key, p.Value)));
        SafetensorsWriter.Write(Path.Combine(folder, OptimizerName), optimizer.State().Select(p => Exact(p.Key, p.Value)));
        var state = new JsonObject { ["step"] = step, ["optimizer_steps"] = optimizer.Steps, ["inputs"] = inputs.DeepClone(), ["computed_on"] = ComputedOn.Here() };
        if (data is not null)
            state[DataKey] = data.DeepClone();
        AtomicFile.WriteText(Path.Combine(folder, StateName), state.ToJsonString() + "\n");
    }

    /// <summary>Restores a checkpoint.</summary>
    /// <param name="folder">The folder of the checkpoint.</param>
    /// <param name="step">The step in the folder's name.</param>
    /// <param name="model">The model whose parameters are restored.</param>
    /// <param name="optimizer">The optimizer whose state is restored.</param>
    /// <param name="inputs">The current inputs of the run, see <see cref="InputContents"/>.</param>
    /// <exception cref="InputException">The checkpoint is damaged or of another model; the message names the file and an older checkpoint, if there is one.</exception>
    /// <exception cref="UsageException">The contents of the run's inputs have changed.</exception>
    /// <returns>The data state (null if the step determines it), and a warning if the checkpoint was computed in another environment, else null.</returns>
    public static (JsonObject? Data, string? Elsewhere) Restore(string folder, int step, LanguageModel model, AdamW optimizer, JsonObject inputs)
    {
        try
        {
            var state = ReadState(Path.Combine(folder, StateName), step);
            if (state["inputs"] is JsonObject before)
                InputContents.RequireSame(folder, before, inputs);
            Restore(folder, (int)state["optimizer_steps"]!, model, optimizer);
            return (state[DataKey] as JsonObject, state["computed_on"] is JsonObject then ? ComputedOn.Difference(then, ComputedOn.Here()) : null);
        }
        catch (Exception e) when (e is InputException or FileNotFoundException)
        {
            throw new InputException($"{e.Message}; {Older(folder, step)}", e);
        }
    }

    private static JsonObject ReadState(string file, int step)
    {
        if (!File.Exists(file))
            throw new InputException($"{file}: is missing");
        JsonObject? state;
        try
        {
            state = JsonNode.Parse(File.ReadAllBytes(file)) as JsonObject;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new InputException($"{file}: not valid JSON: {JsonText.Fault(e)}", e);
        }

        if (state is null)
            throw new InputException($"{file}: expected a JSON object");
        var (found, steps) = (Integer("step"), Integer("optimizer_steps"));
        if (found != step)
            throw new InputException($"{file}: says step {found}, its folder step {step}");
        if (steps < 0 || steps > int.MaxValue)
            throw new InputException($"{file}: optimizer_steps is {steps}, expected a number of steps");
        return state;

        int Integer(string key) => state[key] is JsonValue value && value.TryGetValue<int>(out var number)
            ? number
            : throw new InputException($"{file}: {key} is {state[key]?.ToJsonString() ?? "missing"}, expected an integer");
    }

    private static string Older(string folder, int step)
    {
        var older = Directory.EnumerateDirectories(Path.GetDirectoryName(folder)!, "step-*")
            .Select(d => int.TryParse(Path.GetFileName(d)["step-".Length..], out var s) ? s : -1)
            .Where(s => s >= 0 && s < step).Order().ToList();
        return older is [.., var last]
            ? $"the checkpoint of step {last} is still there: remove {folder} and resume again to continue from it"
            : $"there is no older checkpoint: remove {folder} and resume again to start from the beginning";
    }

    private static void Restore(string folder, int steps, LanguageModel model, AdamW optimizer)
    {
        using var scope = new TensorScope();
        using var mode = GradMode.Off();
        using var parameters = SafetensorsFile.Open(Path.Combine(folder, Parameters));
        using var moments = SafetensorsFile.Open(Path.Combine(folder, OptimizerName));
        RequireSame(parameters, model.Decoder.Trainable);
        RequireSame(moments, optimizer.State());
        foreach (var (name, parameter) in model.Decoder.Trainable)
            parameter.CopyFrom(Read(parameters, name));
        optimizer.Restore(steps, name => Read(moments, name));
        FiniteTensors.Require(model.Decoder.Trainable.Concat(optimizer.State()), name => $"{folder}: {name} holds values that are not finite");
    }

    private static void RequireSame(SafetensorsFile file, IEnumerable<KeyValuePair<string, Tensor>> expected)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, tensor) in expected)
        {
            names.Add(name);
            if (!file.TryGet(name, out var entry))
                throw new InputException($"{file.Path}: no tensor '{name}'; the checkpoint belongs to another model");
            if (!entry.Shape.SequenceEqual(tensor.Shape))
                throw new InputException($"{file.Path}: tensor '{name}' is {entry.ShapeText}, the model's is [{string.Join(", ", tensor.Shape)}]");
            if (DecoderFiles.TorchType(entry.DType) != tensor.DType)
                throw new InputException($"{file.Path}: tensor '{name}' is {entry.DType}, the model's is {tensor.DType}");
        }

        if (file.Tensors.FirstOrDefault(e => !names.Contains(e.Name)) is { } extra)
            throw new InputException($"{file.Path}: tensor '{extra.Name}' is none of the model's; the checkpoint belongs to another model");
    }

    private static Tensor Read(SafetensorsFile file, string name)
    {
        _ = file.TryGet(name, out var entry);
        return Tensor.FromPieces((offset, length) => file.Bytes(name, offset, length), DecoderFiles.TorchType(entry.DType), [.. entry.Shape]);
    }

    private static TensorSource Exact(string name, Tensor tensor) =>
        DecoderFiles.Source(name, tensor, tensor.DType == ScalarType.BFloat16 ? CheckpointDType.BF16 : CheckpointDType.F32);
}
