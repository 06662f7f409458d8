using System.Text.Json.Nodes;
using ParallelR1.Torch;
using ParallelR1.Training.Optimization;

namespace ParallelR1.Tests.Parity;

/// <summary>AdamW and clipping against torch.optim.AdamW.</summary>
public sealed class OptimizerParityTests
{
    [Fact]
    public void Every_trace_of_AdamW_equals_the_reference()
    {
        var failures = new List<string>();
        foreach (var folder in Directory.EnumerateDirectories(Fixtures.Folder("optim")).Order())
        {
            var json = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "case.json")))!;
            if (json["kind"]!.GetValue<string>() == "adamw")
                failures.AddRange(Run(json, Path.Combine(folder, "tensors.safetensors")).Select(f => $"{Path.GetFileName(folder)}: {f}"));
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    private static List<string> Run(JsonNode json, string file)
    {
        using var scope = new TensorScope();
        using var expected = new SafetensorsCase(file);
        var failures = new List<string>();
        var wide = json["dtype"]!.GetValue<string>() == "float64";
        var parameters = json["parameters"]!.AsArray().ToDictionary(p => p!["name"]!.GetValue<string>(), p => p!);
        var tensors = parameters.Keys.ToDictionary(name => name, name => Row(expected, $"param.{name}", 0, wide));
        using var optimizer = new AdamW(tensors, Options(json), name => parameters[name]["weight_decay"]!.GetValue<double>());
        var rates = Numbers(json["lr"]!);
        var norms = Numbers(json["expected"]!["grad_norm_before_clipping"]!);
        var clips = json["expected"]!["clip_coefficient"] is { } c ? Numbers(c) : null;
        for (var step = 0; step < rates.Length; step++)
        {
            foreach (var (name, tensor) in tensors)
                tensor.Grad = Row(expected, $"grad.{name}", step, wide);
            var seen = optimizer.Step(rates[step]);
            if (Math.Abs(seen.GradNorm - norms[step]) > 1e-6 * Math.Max(norms[step], 1e-30))
                failures.Add($"step {step}: norm {seen.GradNorm}, expected {norms[step]}");
            if (clips is not null && Math.Abs(seen.ClipCoefficient - clips[step]) > 1e-6)
                failures.Add($"step {step}: clip coefficient {seen.ClipCoefficient}, expected {clips[step]}");
            foreach (var (name, tensor) in tensors)
                Compare(failures, $"step {step}: {name}", tensor, Row(expected, $"param.{name}", step + 1, wide), wide);
        }

        foreach (var (name, tensor) in optimizer.State())
            Compare(failures, name, tensor, Whole(expected, name, wide), wide);
        return failures;
    }

    private static OptimizerOptions Options(JsonNode json) => new()
    {
        Beta1 = json["beta1"]!.GetValue<double>(),
        Beta2 = json["beta2"]!.GetValue<double>(),
        Eps = json["eps"]!.GetValue<double>(),
        WeightDecay = json["weight_decay"]?.GetValue<double>() ?? 0,
        MaxGradNorm = json["max_grad_norm"]?.GetValue<double>(),
    };

    private static void Compare(List<string> failures, string what, Tensor actual, Tensor expected, bool wide)
    {
        var (a, b) = (actual.To(ScalarType.Float64).ToArray<double>(), expected.To(ScalarType.Float64).ToArray<double>());
        for (var i = 0; i < b.Length; i++)
        {
            if (Math.Abs(a[i] - b[i]) > (wide ? 1e-12 : 1e-6 * Math.Max(1, Math.Abs(b[i]))))
            {
                failures.Add($"{what}[{i}] is {a[i]:R}, expected {b[i]:R}");
                return;
            }
        }
    }

    private static Tensor Row(SafetensorsCase file, string name, int row, bool wide)
    {
        var shape = file.Shape(name)[1..];
        var count = (int)shape.Aggregate(1L, (a, b) => a * b);
        return wide
            ? Tensor.From(file.Doubles(name).AsSpan(row * count, count).ToArray(), shape)
            : Tensor.From(file.Floats(name).AsSpan(row * count, count).ToArray(), shape);
    }

    private static Tensor Whole(SafetensorsCase file, string name, bool wide) =>
        wide ? Tensor.From(file.Doubles(name), file.Shape(name)) : Tensor.From(file.Floats(name), file.Shape(name));

    private static double[] Numbers(JsonNode node) => [.. node.AsArray().Select(x => x!.GetValue<double>())];
}
