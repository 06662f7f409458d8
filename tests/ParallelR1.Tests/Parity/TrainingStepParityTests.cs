using System.Text.Json.Nodes;
using ParallelR1.Models;
using ParallelR1.Thinking;
using ParallelR1.Torch;
using ParallelR1.Training;
using ParallelR1.Training.Optimization;
using ParallelR1.Training.Policy;

namespace ParallelR1.Tests.Parity;

/// <summary>Whole training steps of small decoders against transformers and torch.optim in float64.</summary>
public sealed class TrainingStepParityTests
{
    [Theory]
    [InlineData(1, ScalarType.Float32)]
    [InlineData(100, ScalarType.Float32)]
    [InlineData(1 << 20, ScalarType.Float32)]
    [InlineData(100, ScalarType.Float64)]
    public void Supervised_steps_equal_the_reference_whatever_the_micro_batches(int microBatchTokens, ScalarType type)
    {
        var failures = new List<string>();
        foreach (var (name, json) in Cases("sft-"))
            failures.AddRange(Supervised(json, microBatchTokens, type).Select(f => $"{name}: {f}"));
        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    [Theory]
    [InlineData(1, ScalarType.Float32)]
    [InlineData(100, ScalarType.Float32)]
    [InlineData(1 << 20, ScalarType.Float32)]
    public void Policy_steps_equal_the_reference_whatever_the_micro_batches(int microBatchTokens, ScalarType type)
    {
        var failures = new List<string>();
        foreach (var (name, json) in Cases("rl-"))
            failures.AddRange(Policy(json, microBatchTokens, type).Select(f => $"{name}: {f}"));
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

    internal static Decoder Load(JsonNode json, ScalarType type = ScalarType.Float32) =>
        DecoderFiles.Load(Path.Combine(Fixtures.Folder("decoder"), json["model"]!.GetValue<string>(), "model"), type);

    internal static TagIds Tags() => TagIds.FromFile(Path.Combine(Fixtures.Folder("decoder"), "tags.json"));

    internal static Visibility VisibilityOf(JsonNode json) => Enum.Parse<Visibility>(json["visibility"]!.GetValue<string>(), ignoreCase: true);

    internal static OptimizerOptions Optimizer(JsonNode json)
    {
        var o = json["optimizer"]!;
        return new OptimizerOptions
        {
            Beta1 = o["betas"]![0]!.GetValue<double>(),
            Beta2 = o["betas"]![1]!.GetValue<double>(),
            Eps = o["eps"]!.GetValue<double>(),
            WeightDecay = o["weight_decay"]!.GetValue<double>(),
            MaxGradNorm = o["clip"]!.GetValue<double>(),
        };
    }

    /// <summary>
    /// Compares the updates (after − before) of all parameters. Adam divides a gradient by its own size, so where the gradient is rounding (the
    /// bias of k_proj, whose gradient is nearly zero by construction) the update is noise over noise: in f32 only the elements whose gradient is well
    /// above the rounding of the model's gradients count. In f64 all do.
    /// </summary>
    internal static void CompareUpdates(List<string> failures, JsonNode json, Decoder decoder, AdamW optimizer)
    {
        using var scope = new TensorScope();
        using var before = Load(json);
        using var expected = new SafetensorsCase(Path.Combine(json["folder"]!.GetValue<string>(), "weights_after.safetensors"));
        var squares = optimizer.State().Where(s => s.Key.StartsWith("exp_avg_sq.", StringComparison.Ordinal))
            .ToDictionary(s => s.Key["exp_avg_sq.".Length..], s => Floats(s.Value));
        var typical = Math.Sqrt(squares.Values.Sum(v => v.Sum(x => (double)x)) / squares.Values.Sum(v => (long)v.Length));
        var least = decoder.DType == ScalarType.Float64 ? 0 : 1e-3 * typical;
        foreach (var (name, parameter) in decoder.Parameters)
        {
            var (start, end, target) = (before.Parameters[name].ToArray<float>(), Floats(parameter.Detach()), expected.Floats(name));
            // The reference rounds its angles to f32 in f64 too.
            var bar = name.EndsWith("k_proj.bias", StringComparison.Ordinal) ? 1e-2 : 1e-3;
            double difference = 0, norm = 0;
            for (var i = 0; i < target.Length; i++)
            {
                if (Math.Sqrt(squares[name][i]) < least)
                    continue;
                difference += Math.Pow((double)end[i] - target[i], 2);
                norm += Math.Pow((double)target[i] - start[i], 2);
            }

            if (!(Math.Sqrt(difference) <= bar * Math.Sqrt(norm)))
                failures.Add($"the update of {name} is off by {Math.Sqrt(difference / norm):g3} of its norm");
        }

        static float[] Floats(Tensor tensor) => tensor.To(ScalarType.Float32).ToArray<float>();
    }

    private static List<string> Supervised(JsonNode json, int microBatchTokens, ScalarType type)
    {
        using var scope = new TensorScope();
        using var decoder = Load(json, type);
        decoder.SetTrainable();
        using var optimizer = new AdamW(decoder.Trainable, Optimizer(json));
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

        CompareUpdates(failures, json, decoder, optimizer);
        return failures;
    }

    private static List<string> Policy(JsonNode json, int microBatchTokens, ScalarType type)
    {
        using var scope = new TensorScope();
        using var decoder = Load(json, type);
        decoder.SetTrainable();
        using var optimizer = new AdamW(decoder.Trainable, Optimizer(json));
        var failures = new List<string>();
        var rows = json["rows"]!.AsArray().Select(row => row!).ToArray();
        var advantages = GroupAdvantages.Compute(
            [.. rows.Select(row => row["reward"]!.GetValue<double>())], [.. rows.Select(row => row["group"]!.GetValue<int>())], AdvantageScale.Grpo);
        for (var i = 0; i < rows.Length; i++)
        {
            var wanted = json["advantages"]![i]!.GetValue<double>();
            if (Math.Abs(advantages[i] - wanted) > 1e-5)
                failures.Add($"advantage {i} is {advantages[i]}, expected {wanted}");
        }

        var limits = new PolicyLossOptions
        {
            ClipLow = json["clip_low"]!.GetValue<double>(),
            ClipHigh = json["clip_high"]!.GetValue<double>(),
            DualClip = json["dual_clip"]!.GetValue<double>(),
        };
        var step = new PolicyStep(decoder, new PolicyStepOptions { Loss = limits, MicroBatchTokens = microBatchTokens });
        var size = json["mini_batch_rows"]!.GetValue<int>();
        foreach (var (k, expected) in json["steps"]!.AsArray().Index())
        {
            var batch = Enumerable.Range(k * size, size).Select(i => Row(rows[i], advantages[i], VisibilityOf(json))).ToArray();
            var result = step.Run(batch, optimizer, json["optimizer"]!["learning_rate"]!.GetValue<double>());
            Near(failures, $"step {k}: loss", result.Loss, expected!["loss"]!.GetValue<double>(), 1e-5);
            Near(failures, $"step {k}: norm", result.Gradient.GradNorm, expected["gradient_norm"]!.GetValue<double>(), 1e-4 * expected["gradient_norm"]!.GetValue<double>());
            Near(failures, $"step {k}: clip fraction", result.ClipFraction, expected["clip_fraction"]!.GetValue<double>(), 1e-6);
            Near(failures, $"step {k}: tokens", result.Tokens, expected["tokens"]!.GetValue<int>(), 0);
        }

        CompareUpdates(failures, json, decoder, optimizer);
        return failures;
    }

    private static PolicyResponse Row(JsonNode row, double advantage, Visibility visibility)
    {
        var prompt = Ids(row["prompt"]!);
        int[] ids = [.. prompt, .. Ids(row["response"]!)];
        var trace = visibility == Visibility.Unseen ? TraceRows.Unseen(ids, prompt.Length, Tags()) : TraceRows.Plain(ids, prompt.Length);
        return new PolicyResponse(
            trace, prompt.Length, [.. Ids(row["sampled"]!).Select(s => s == 1)], [.. row["rollout_logprobs"]!.AsArray().Select(x => (float)x!.GetValue<double>())], advantage);
    }

    private static void Near(List<string> failures, string what, double actual, double expected, double bar)
    {
        if (!(Math.Abs(actual - expected) <= bar))
            failures.Add($"{what} is {actual}, expected {expected}");
    }

    private static int[] Ids(JsonNode node) => [.. node.AsArray().Select(x => x!.GetValue<int>())];
}
