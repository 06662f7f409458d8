using System.Text.Json.Nodes;
using ParallelR1.Models;
using ParallelR1.Thinking;
using ParallelR1.Torch;
using ParallelR1.Training;
using ParallelR1.Training.Optimization;

namespace ParallelR1.Cli.Benchmarks;

/// <summary><c>bench train</c>: whole training steps against PyTorch's, and against their matrix products alone.</summary>
/// <param name="shapes">The models.</param>
/// <param name="rounds">Rounds; the shortest time of each case counts.</param>
/// <param name="types">Types to measure.</param>
internal sealed class TrainBenchmark(IReadOnlyList<ModelShape> shapes, int rounds, IReadOnlyList<ScalarType> types)
{
    public BenchmarkReport Run(IRunObserver observer, CancellationToken cancellation)
    {
        using var peer = PeerProcess.Start("train.py", observer);
        var results = new List<BenchmarkResult>();
        foreach (var shape in shapes)
        {
            foreach (var type in types)
            {
                results.AddRange(Run(shape, type, peer, cancellation));
                observer.Report(new RunProgress("bench train", results.Count / 3, shapes.Count * types.Count));
            }
        }

        var settings = new JsonObject
        {
            ["threads"] = Runtime.Threads,
            ["kernels"] = Runtime.KernelLevel,
            ["libtorch"] = Runtime.Version,
            ["rounds"] = rounds,
            ["peer"] = peer?.Name,
        };
        return new BenchmarkReport("train", settings, results);
    }

    private BenchmarkResult[] Run(ModelShape shape, ScalarType type, PeerProcess? peer, CancellationToken cancellation)
    {
        var dtype = type == ScalarType.BFloat16 ? "bf16" : "f32";
        using var decoder = DecoderFiles.Create(shape.Config, RandomKey.FromSeed(1), type);
        decoder.SetTrainable();
        using var optimizer = new AdamW(decoder.Trainable, new OptimizerOptions { LearningRate = 1e-4 });
        var step = new SupervisedStep(decoder, tags: null, Visibility.Unseen, microBatchTokens: 8192);
        var batch = Batch(shape);
        var tokens = batch.Sum(example => example.Ids.Length);
        var json = shape.ToJson(dtype);
        var ways = new List<Func<double>>
        {
            () => Stretch.Time(() => step.Run(batch, optimizer, 1e-4)),
            () => Stretch.Time(() => Products(shape.Config, tokens, type)),
        };
        if (peer is not null)
            ways.Add(() => peer.Seconds(json));
        var seconds = Stretch.Shortest(rounds, cancellation, [.. ways]);
        var name = $"{shape.Name}, {dtype}, {tokens} tokens";
        return
        [
            new(name, "training step", tokens / seconds[0], "tokens/s", peer is null ? null : tokens / seconds[2]),
            new(name, "matrix products alone", tokens / seconds[1], "tokens/s", null),
            new(name, "share of matrix products", 100 * seconds[1] / seconds[0], "% of the step", null),
        ];
    }

    private static TrainingExample[] Batch(ModelShape shape)
    {
        var key = RandomKey.FromSeed(2);
        return [.. shape.Lengths().Select((length, n) =>
            new TrainingExample([.. Enumerable.Range(0, length).Select(i => key.Fold(n).Next(shape.Config.VocabSize, i))], PromptLength: 1))];
    }

    /// <summary>Every matrix product of a step, forward and backward, and nothing else.</summary>
    private static void Products(ModelConfig config, int tokens, ScalarType type)
    {
        using var mode = GradMode.Off();
        int q = config.Heads * config.HeadDim, kv = config.KeyValueHeads * config.HeadDim;
        (int In, int Out, int Times)[] layers =
        [
            (config.HiddenSize, q, 1), (config.HiddenSize, kv, 2), (q, config.HiddenSize, 1),
            (config.HiddenSize, config.IntermediateSize, 2), (config.IntermediateSize, config.HiddenSize, 1),
        ];
        foreach (var (width, outputs, times) in layers)
            Linear(tokens, width, outputs, times * config.Layers, type);
        Linear(tokens, config.HiddenSize, config.VocabSize, 1, type);
    }

    private static void Linear(int tokens, int width, int outputs, int times, ScalarType type)
    {
        using var all = new TensorScope();
        var (x, weight, slope) = (Tensor.Full([tokens, width], 0.5, type), Tensor.Full([outputs, width], 0.5, type), Tensor.Full([tokens, outputs], 0.5, type));
        for (var i = 0; i < times; i++)
        {
            using var scope = new TensorScope();
            x.Linear(weight);
            slope.MatMul(weight);
            slope.Transpose(0, 1).MatMul(x);
        }
    }
}
