using System.Text.Json.Nodes;
using ParallelR1.Models;
using ParallelR1.Thinking;
using ParallelR1.Torch;
using ParallelR1.Training;
using ParallelR1.Training.Optimization;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Tests.Parity;

/// <summary>Whole training steps of small decoders against transformers and torch.optim in float64.</summary>
public sealed class TrainingStepParityTests
{
    [SkippableTheory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(1 << 20)]
    public void Supervised_steps_equal_the_reference_whatever_the_micro_batches(int microBatchTokens)
    {
        var failures = new List<string>();
        foreach (var (name, json) in Cases("sft-"))
            failures.AddRange(Supervised(json, microBatchTokens).Select(f => $"{name}: {f}"));
        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    internal static IEnumerable<(string Name, JsonNode Json)> Cases(string prefix)
    {
        foreach (var folder in Directory.EnumerateDirectories(Fixtures.Folder("steps")).Order())
        {
            var json = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "case.json")))!;
            json["folder"] = folder;
            if (Path.GetFileName(folder).StartsWith(prefix, StringComparison.Ordinal))
                yield return (Path.GetFileName(folder), json);
        }
    }

    internal static Decoder Load(JsonNode json) =>
        DecoderFiles.Load(Path.Combine(Fixtures.Folder("decoder"), json["model"]!.GetValue<string>(), "model"));

    internal static TagIds Tags() => TagIds.FromFile(Path.Combine(Fixtures.Folder("decoder"), "tags.json"));

    internal static Visibility VisibilityOf(JsonNode json) => Enum.Parse<Visibility>(json["visibility"]!.GetValue<string>(), ignoreCase: true);

    internal static OptimizerRecipe Optimizer(JsonNode json)
    {
        var o = json["optimizer"]!;
        return new OptimizerRecipe
        {
            Beta1 = o["betas"]![0]!.GetValue<double>(),
            Beta2 = o["betas"]![1]!.GetValue<double>(),
            Eps = o["eps"]!.GetValue<double>(),
            WeightDecay = o["weight_decay"]!.GetValue<double>(),
            MaxGradNorm = o["clip"]!.GetValue<double>(),
        };
    }

    /// <summary>Compares the updates (after − before) of all parameters.</summary>
    internal static void CompareUpdates(List<string> failures, JsonNode json, Decoder decoder)
    {
        using var before = Load(json);
        using var expected = new SafetensorsCase(Path.Combine(json["folder"]!.GetValue<string>(), "weights_after.safetensors"));
        foreach (var (name, parameter) in decoder.Parameters)
        {
            var (start, end, target) = (before.Parameters[name].ToArray<float>(), parameter.Detach().ToArray<float>(), expected.Floats(name));
            double difference = 0, norm = 0;
            for (var i = 0; i < target.Length; i++)
            {
                difference += Math.Pow((double)end[i] - target[i], 2);
                norm += Math.Pow((double)target[i] - start[i], 2);
            }

            var bar = name.EndsWith("k_proj.bias", StringComparison.Ordinal) ? 1e-2 : 1e-3;
            if (!(Math.Sqrt(difference) <= bar * Math.Sqrt(norm)))
                failures.Add($"the update of {name} is off by {Math.Sqrt(difference / norm):g3} of its norm");
        }
    }

    private static List<string> Supervised(JsonNode json, int microBatchTokens)
    {
        using var scope = new TensorScope();
        using var decoder = Load(json);
        decoder.RequireGradients(true);
        using var optimizer = new AdamW(decoder.Parameters, Optimizer(json));
        var step = new SupervisedStep(decoder, Tags(), VisibilityOf(json), microBatchTokens);
        var rows = json["rows"]!.AsArray().Select(row =>
        {
            var prompt = Ids(row!["prompt"]!);
            return new TrainingExample([.. prompt, .. Ids(row["response"]!)], prompt.Length);
        }).ToArray();
        var failures = new List<string>();
        var size = json["batch"]!.GetValue<int>();
        var expected = json["steps"]!.AsArray();
        for (var k = 0; k < expected.Count; k++)
        {
            var batch = Enumerable.Range(k * size, size).Select(i => rows[i % rows.Length]).ToArray();
            var (loss, gradient) = step.Run(batch, optimizer, expected[k]!["learning_rate"]!.GetValue<double>());
            var (wantedLoss, wantedNorm) = (expected[k]!["loss"]!.GetValue<double>(), expected[k]!["gradient_norm"]!.GetValue<double>());
            if (!(Math.Abs(loss - wantedLoss) <= 1e-5))
                failures.Add($"step {k}: loss {loss}, expected {wantedLoss}");
            if (!(Math.Abs(gradient.GradNorm - wantedNorm) <= 1e-4 * wantedNorm))
                failures.Add($"step {k}: norm {gradient.GradNorm}, expected {wantedNorm}");
        }

        CompareUpdates(failures, json, decoder);
        return failures;
    }

    private static int[] Ids(JsonNode node) => [.. node.AsArray().Select(x => x!.GetValue<int>())];
}
