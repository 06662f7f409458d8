using System.Text.Json.Nodes;
using ParallelR1.Models;
using ParallelR1.Thinking;
using ParallelR1.Torch;

namespace ParallelR1.Cli.Benchmarks;

/// <summary><c>bench attention</c>: attention under path visibility, forward and backward, against PyTorch's with a padded batch (and a mask, where there are paths).</summary>
/// <param name="rounds">Rounds; the shortest time of each case counts.</param>
/// <param name="types">Types to measure.</param>
internal sealed class AttentionBenchmark(int rounds, IReadOnlyList<ScalarType> types)
{
    private static readonly Operator s_attention = new("parallelr1::path_attention");
    private static readonly TagIds s_tags = new([1, 2, 3, 4, 5, 6], newline: 7, eos: 8);

    private static readonly Case[] s_cases =
    [
        .. from size in new[] { (Count: 32, Length: 128), (Count: 8, Length: 512), (Count: 2, Length: 2048) }
           from depth in new[] { 32, 64 }
           from paths in new[] { 0, 2 }
           select new Case($"{(paths == 0 ? "causal" : $"{paths} paths")}, {size.Count} x {size.Length}, head size {depth}", Heads: 8, KvHeads: 8, depth, size.Count, size.Length, paths),
        new("causal, 108 x 75, grouped", Heads: 9, KvHeads: 3, Depth: 64, Count: 108, Length: 75, Paths: 0),
        new("4 paths, 1 x 2048, grouped", Heads: 9, KvHeads: 3, Depth: 64, Count: 1, Length: 2048, Paths: 4),
    ];

    public BenchmarkReport Run(IRunObserver observer, CancellationToken cancellation)
    {
        using var peer = PeerProcess.Start("attention.py", observer);
        var results = new List<BenchmarkResult>();
        foreach (var one in s_cases)
        {
            foreach (var type in types)
            {
                results.Add(Run(one, type, peer, cancellation));
                observer.Report(new RunProgress("bench attention", results.Count, s_cases.Length * types.Count));
            }
        }

        var settings = new JsonObject { ["threads"] = Runtime.Threads, ["kernels"] = Runtime.KernelLevel, ["libtorch"] = Runtime.Version, ["rounds"] = rounds, ["peer"] = peer?.Name };
        return new BenchmarkReport("attention", settings, results);
    }

    private BenchmarkResult Run(Case one, ScalarType type, PeerProcess? peer, CancellationToken cancellation)
    {
        var dtype = type == ScalarType.BFloat16 ? "bf16" : "f32";
        using var scope = new TensorScope();
        var ids = one.Ids();
        var layout = TraceLayout.Read(ids, 1, s_tags);
        using var pack = new PackedBatch(new TracePack([.. Enumerable.Repeat(TraceRows.Unseen(ids, 1, s_tags), one.Count)]), Device.Cpu);
        Tensor[] inputs = [.. new[] { one.Heads, one.KvHeads, one.KvHeads }.Select((heads, i) => Draw(i, pack.Length, heads, one.Depth, type))];
        var slope = Draw(3, pack.Length, one.Heads, one.Depth, type);
        var json = new JsonObject
        {
            ["dtype"] = dtype,
            ["heads"] = one.Heads,
            ["kv_heads"] = one.KvHeads,
            ["depth"] = one.Depth,
            ["count"] = one.Count,
            ["length"] = one.Length,
            ["hidden"] = new JsonArray([.. layout.Hidden().Select(h => new JsonArray(h.RowStart, h.RowEnd, h.ColumnStart, h.ColumnEnd))]),
        };
        var ways = new List<Func<double>> { () => Stretch.Time(() => Step(pack, inputs, slope)) };
        if (peer is not null)
            ways.Add(() => peer.Seconds(json));
        var seconds = Stretch.Shortest(rounds, cancellation, [.. ways]);
        return new($"{one.Name}, {dtype}", "forward and backward", pack.Length / seconds[0], "tokens/s", peer is null ? null : pack.Length / seconds[1]);
    }

    private static void Step(PackedBatch pack, Tensor[] inputs, Tensor slope)
    {
        using var scope = new TensorScope();
        var leaves = inputs.Select(x => x.Detach()).ToArray();
        foreach (var leaf in leaves)
            leaf.RequiresGrad = true;
        s_attention.Call(leaves[0], leaves[1], leaves[2], pack.Runs, pack.Ranges, pack.Traces, 1 / Math.Sqrt(slope.Shape[2])).Backward(slope);
    }

    private static Tensor Draw(int input, int tokens, int heads, int depth, ScalarType type)
    {
        var key = RandomKey.FromSeed(input);
        var values = new float[tokens * heads * depth];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)key.Normal(i);
        return Tensor.From(values, tokens, heads, depth).To(type);
    }

    /// <summary>Sequences of one length; with paths, a block of equally long ones takes the middle two thirds.</summary>
    private sealed record Case(string Name, int Heads, int KvHeads, int Depth, int Count, int Length, int Paths)
    {
        public int[] Ids()
        {
            var ids = Enumerable.Repeat(9, Length).ToArray();
            if (Paths == 0)
                return ids;
            var (at, path) = (Length / 6, Length * 2 / 3 / Paths);
            ids[at++] = 3;
            for (var i = 0; i < Paths; i++, at += path)
                (ids[at], ids[at + path - 1]) = (1, 2);
            (ids[at], ids[at + 1], ids[at + 5]) = (4, 5, 6);
            return ids;
        }
    }
}
