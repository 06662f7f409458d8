using ParallelR1.Models;
using ParallelR1.Tests.Generation;
using ParallelR1.Tests.Torch.Operators;
using ParallelR1.Thinking;
using ParallelR1.Torch;
using ParallelR1.Training;

namespace ParallelR1.Tests.Thinking;

public sealed class TracePackTests
{
    private const int Vocabulary = 24;

    [Fact]
    public void Responses_after_a_shared_prompt_take_its_rows_once()
    {
        TraceRows[] traces = [TraceRows.Plain([9, 10, 11, 12], 3), TraceRows.Plain([9, 10, 11, 13, 14], 3), TraceRows.Plain([9, 10, 15], 2)];

        var pack = new TracePack(traces, sharePrompts: true);

        Assert.Equal(4 + 2 + 3, pack.Length);
        Assert.Equal([9, 10, 11, 12, 13, 14, 9, 10, 15], pack.Rows().Ids);
        Assert.Equal([0, 1, 2, 3, 3, 4, 0, 1, 2], pack.Rows().Positions);
        Assert.Equal([0, 2, 3], pack.FirstRuns);
        Assert.Equal((4, 6), (pack.Runs[1].Start, pack.Runs[1].End));
        Assert.Equal([new TokenRange(0, 3)], pack.Runs[1].Columns.ToArray());
        Assert.Equal([2, 2, 4, 7], new[] { pack.Predictor(0, 3), pack.Predictor(1, 3), pack.Predictor(1, 4), pack.Predictor(2, 2) });
    }

    /// <summary>Every token sees the same tokens, at the same positions, whether its prompt is shared or not.</summary>
    [Fact]
    public void Sharing_changes_neither_what_is_seen_nor_where_it_stands()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var traces = Group(RandomKey.FromSeed(seed));
            var pack = new TracePack(traces, sharePrompts: true);
            var (ids, positions) = pack.Rows();
            for (var t = 0; t < traces.Length; t++)
            {
                for (var row = 0; row < traces[t].Length; row++)
                {
                    var at = pack.Row(t, row);
                    var run = pack.Runs.Single(r => r.Start <= at && at < r.End);
                    int[] seen = [.. run.Columns.SelectMany(c => Enumerable.Range(c.Start, c.Length)), .. Enumerable.Range(run.Start, at - run.Start + 1)];
                    Assert.Equal(TraceRowsTests.Seen(traces[t], row).Select(r => pack.Row(t, r)), seen);
                    Assert.Equal((traces[t].Ids[traces[t].Tokens[row]], traces[t].Positions[row]), (ids[at], positions[at]));
                }
            }
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1e-5)]
    [InlineData(ScalarType.Float64, 1e-10)]
    public void Gradients_of_responses_that_share_a_prompt_are_those_of_separate_training(ScalarType type, double tolerance)
    {
        using var decoder = RandomDecoder.Create(Vocabulary, type);
        for (var seed = 0; seed < 6; seed++)
        {
            var traces = Group(RandomKey.FromSeed(seed));

            var shared = Gradients(decoder, [new TracePack(traces, sharePrompts: true)], [traces]);
            var apart = Gradients(decoder, [.. traces.Select(trace => new TracePack([trace]))], [.. traces.Select(trace => new[] { trace })]);

            foreach (var (name, expected) in apart)
            {
                var off = Math.Sqrt(expected.Zip(shared[name], (a, b) => (a - b) * (a - b)).Sum() / expected.Sum(x => x * x));
                Assert.True(off <= tolerance || expected.All(x => Math.Abs(x) < 1e-9), $"seed {seed}: the gradient of {name} is off by {off:g3} of its norm");
            }
        }
    }

    /// <summary>Responses to one prompt: plain, Unseen, Seen, well formed or not.</summary>
    private static TraceRows[] Group(RandomKey key)
    {
        int[] prompt = [.. Enumerable.Range(0, 1 + key.Fold("prompt").Next(6)).Select(i => 9 + key.Fold("ids").Fold(i).Next(Vocabulary - 9))];
        return [.. Enumerable.Range(0, 4).Select(i =>
        {
            int[] ids = [.. prompt, .. RandomPack.Ids(key.Fold(i), 8)];
            return (key.Fold("kind").Fold(i).Next(3)) switch
            {
                0 => TraceRows.Plain(ids, prompt.Length),
                1 => TraceRows.Seen(ids, prompt.Length, Soup.Tags),
                _ => TraceRows.Unseen(ids, prompt.Length, Soup.Tags),
            };
        })];
    }

    private static Dictionary<string, double[]> Gradients(Decoder decoder, TracePack[] packs, TraceRows[][] traces)
    {
        using var scope = new TensorScope();
        decoder.SetTrainable();
        foreach (var parameter in decoder.Parameters.Values)
            parameter.Grad = null;
        for (var p = 0; p < packs.Length; p++)
        {
            using var batch = new PackedBatch(packs[p], Device.Cpu);
            using var pass = decoder.Forward(batch);
            List<int> rows = [], targets = [];
            for (var t = 0; t < traces[p].Length; t++)
            {
                for (var token = traces[p][t].PromptLength; token < traces[p][t].Ids.Length; token++)
                {
                    rows.Add(packs[p].Predictor(t, token));
                    targets.Add(traces[p][t].Ids[token]);
                }
            }

            VocabularyHead.Backward(decoder, pass, rows.ToArray(), targets.ToArray(), (logProbs, _, _, _) => -logProbs.Sum());
        }

        return decoder.Parameters.ToDictionary(x => x.Key, x => x.Value.Grad!.To(ScalarType.Float64).ToArray<double>());
    }
}
