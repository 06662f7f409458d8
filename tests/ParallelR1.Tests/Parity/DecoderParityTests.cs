using System.Text.Json.Nodes;
using ParallelR1.Models;
using ParallelR1.Thinking;
using ParallelR1.Torch;
using ParallelR1.Training;

namespace ParallelR1.Tests.Parity;

/// <summary>Forward and backward passes of small decoders against transformers in float64.</summary>
public sealed class DecoderParityTests
{
    private const double Bar = 2e-5;

    [Fact]
    public void Every_forward_and_backward_pass_equals_the_reference() => ForEachCase(recompute: false);

    [Fact]
    public void Recomputing_layers_changes_no_gradient() => ForEachCase(recompute: true);

    private static void ForEachCase(bool recompute)
    {
        var root = Fixtures.Folder("decoder");
        var tags = TagIds.FromFile(Path.Combine(root, "tags.json"));
        var failures = new List<string>();
        foreach (var file in Directory.EnumerateFiles(root, "*.safetensors", SearchOption.AllDirectories).Order())
        {
            var description = Path.ChangeExtension(file, ".json");
            var model = Path.Combine(Path.GetDirectoryName(file)!, "model");
            if (!File.Exists(description) || !Directory.Exists(model))
                continue;
            using var decoder = DecoderFiles.Load(model);
            failures.AddRange(new DecoderCase(decoder, file, description, tags).Run(recompute, Bar).Select(f => $"{Path.GetRelativePath(root, file)}: {f}"));
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    /// <summary>One case: rows of a batch, packed by us.</summary>
    private sealed class DecoderCase
    {
        private readonly Decoder _decoder;
        private readonly SafetensorsCase _expected;
        private readonly List<(int[] Ids, TraceRows Trace)> _rows = [];
        private readonly int _width;

        public DecoderCase(Decoder decoder, string file, string description, TagIds tags)
        {
            _decoder = decoder;
            _expected = new SafetensorsCase(file);
            var json = JsonNode.Parse(File.ReadAllText(description))!;
            var structured = json["structured"]!.GetValue<bool>();
            var (ids, positions) = (_expected.Ints("input_ids"), _expected.Ints("position_ids"));
            var rows = json["rows"]!.AsArray();
            _width = ids.Length / rows.Count;
            for (var r = 0; r < rows.Count; r++)
            {
                var length = rows[r]!["length"]!.GetValue<int>();
                var row = ids.AsSpan(r * _width, length).ToArray();
                var trace = TraceRows.Supervised(row, rows[r]!["prompt_length"]!.GetValue<int>(), structured ? tags : null, Visibility.Unseen);
                // The case's own positions, which need not be the layout's ("custom positions").
                _rows.Add((row, trace.With(positions: positions.AsSpan(r * _width, length).ToArray())));
            }
        }

        public IEnumerable<string> Run(bool recompute, double bar)
        {
            using var scope = new TensorScope();
            var pack = new TracePack([.. _rows.Select(r => r.Trace)]);
            using var batch = new PackedBatch(pack, Device.Cpu);
            var failures = new List<string>();
            using (GradMode.Off())
            {
                var logits = _decoder.Logits(_decoder.Hidden(batch));
                Relative(failures, "logits", Flatten("logits", (int)logits.Shape[1]), logits.ToArray<float>(), bar);
            }

            _decoder.SetTrainable();
            using var pass = _decoder.Forward(batch, recompute);
            var (predictors, targets, mask, weights, expected) = Tokens(pack);
            var total = mask.Sum();
            double meanNll = 0, weighted = 0;
            var logProbs = new List<float>();
            VocabularyHead.Backward(_decoder, pass, predictors, targets, (p, _, start, count) =>
            {
                logProbs.AddRange(p.ToArray<float>());
                var m = Tensor.From(mask.AsSpan(start, count).ToArray(), count);
                var w = Tensor.From(weights.AsSpan(start, count).ToArray(), count);
                var nll = (p * m).Sum() / -total;
                var other = (p * w).Sum() / -total;
                meanNll += nll.Detach().Item();
                weighted += other.Detach().Item();
                return nll + other;
            });

            for (var i = 0; i < expected.Length; i++)
            {
                if (Math.Abs(logProbs[i] - expected[i]) > bar * Math.Max(1, Math.Abs(expected[i])))
                {
                    failures.Add($"log-probability {i} is {logProbs[i]}, expected {expected[i]}");
                    break;
                }
            }

            if (_expected.Has("loss.mean_nll"))
            {
                Absolute(failures, "loss.mean_nll", meanNll, bar);
                Absolute(failures, "loss.weighted", weighted, bar);
                foreach (var (name, parameter) in _decoder.Parameters)
                    Relative(failures, $"gradient of {name}", _expected.Floats($"grad.{name}"), parameter.Grad!.ToArray<float>(), bar);
            }

            return failures;
        }

        private (int[] Predictors, int[] Targets, float[] Mask, float[] Weights, float[] LogProbs) Tokens(TracePack pack)
        {
            List<int> predictors = [], targets = [];
            List<float> mask = [], weights = [], logProbs = [];
            var (m, w, p) = (_expected.Floats("loss_mask"), _expected.Floats("weights"), _expected.Floats("logprobs"));
            for (var r = 0; r < _rows.Count; r++)
            {
                for (var t = 0; t + 1 < _rows[r].Ids.Length; t++)
                {
                    predictors.Add(pack.Predictor(r, t + 1));
                    targets.Add(_rows[r].Ids[t + 1]);
                    mask.Add(m[r * _width + t]);
                    weights.Add(w[r * _width + t]);
                    logProbs.Add(p[r * _width + t]);
                }
            }

            return ([.. predictors], [.. targets], [.. mask], [.. weights], [.. logProbs]);
        }

        private float[] Flatten(string name, int depth)
        {
            var all = _expected.Floats(name);
            return [.. _rows.SelectMany((row, r) => all.AsSpan(r * _width * depth, row.Ids.Length * depth).ToArray())];
        }

        private void Absolute(List<string> failures, string name, double actual, double bar)
        {
            var expected = _expected.Floats(name)[0];
            if (Math.Abs(actual - expected) > bar)
                failures.Add($"{name} is {actual}, expected {expected}");
        }

        private static void Relative(List<string> failures, string name, float[] expected, float[] actual, double bar)
        {
            double difference = 0, norm = 0;
            for (var i = 0; i < expected.Length; i++)
            {
                difference += Math.Pow(actual[i] - expected[i], 2);
                norm += Math.Pow(expected[i], 2);
            }

            if (!(Math.Sqrt(difference) <= bar * Math.Sqrt(norm) + 1e-12) || expected.Length != actual.Length)
                failures.Add($"{name} is off by {Math.Sqrt(difference / norm):g3} of its norm");
        }
    }
}
