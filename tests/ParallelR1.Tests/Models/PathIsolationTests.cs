using ParallelR1.Models;
using ParallelR1.Tests.Generation;
using ParallelR1.Tests.Thinking;
using ParallelR1.Tests.Torch.Operators;
using ParallelR1.Thinking;
using ParallelR1.Torch;

namespace ParallelR1.Tests.Models;

public sealed class PathIsolationTests : IDisposable
{
    private const int Vocabulary = 24;
    private readonly Decoder _decoder = RandomDecoder.Create(Vocabulary);

    public void Dispose() => _decoder.Dispose();

    [Fact]
    public void A_token_changed_moves_no_logit_that_does_not_see_it_by_one_bit()
    {
        var (moved, still) = (0, 0);
        for (var seed = 0; seed < 150; seed++)
        {
            var key = RandomKey.FromSeed(seed);
            var ids = RandomPack.Ids(key, 10);
            var layout = TraceLayout.Read(ids, 0, Soup.Tags);
            var text = Enumerable.Range(0, ids.Length).Where(i => ids[i] >= 9).ToArray();
            var at = text[key.Fold("at").Next(text.Length)];
            var before = Logits(TraceRows.Unseen(ids, layout.PromptLength, Soup.Tags));
            ids[at] = 11 + key.Fold("to").Next(Vocabulary - 11);
            var after = Logits(TraceRows.Unseen(ids, layout.PromptLength, Soup.Tags));
            for (var row = 0; row < ids.Length; row++)
            {
                var same = Row(before, row).SequenceEqual(Row(after, row));
                if (row >= at && layout.Sees(row, at))
                    moved += same ? 0 : 1;
                else
                    Assert.True(same, $"seed {seed}: token {at} moved the logits of row {row}, which does not see it");
                still += row > at && same ? 1 : 0;
            }
        }

        Assert.True(moved > 100 && still > 100, $"{moved} rows moved, {still} later ones did not");
    }

    [Fact]
    public void Sibling_paths_do_not_move_and_what_follows_the_block_does()
    {
        int[] ids = [9, 10, 3, 1, 9, 12, 2, 1, 9, 13, 14, 2, 1, 15, 2, 4, 7, 5, 16, 6, 17];
        var layout = TraceLayout.Read(ids, 2, Soup.Tags);
        var paths = Assert.Single(layout.Blocks).Paths;
        var before = Logits(TraceRows.Unseen(ids, layout.PromptLength, Soup.Tags));
        ids[paths[1].Start + 2] = 20;

        var after = Logits(TraceRows.Unseen(ids, layout.PromptLength, Soup.Tags));

        foreach (var path in new[] { paths[0], paths[2] })
            Assert.True(before[(path.Start * Vocabulary)..(path.End * Vocabulary)].AsSpan().SequenceEqual(after.AsSpan(path.Start * Vocabulary, (path.End - path.Start) * Vocabulary)));
        Assert.False(Row(before, paths[1].End - 1).SequenceEqual(Row(after, paths[1].End - 1)));
        Assert.False(Row(before, ids.Length - 1).SequenceEqual(Row(after, ids.Length - 1)));
    }

    [Fact]
    public void Logits_of_a_trace_agree_within_rounding_whatever_its_neighbours_in_the_pack()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var traces = RandomPack.Traces(RandomKey.FromSeed(seed), 6, 10);
            var together = Logits(traces);
            var start = 0;
            foreach (var trace in traces)
            {
                var alone = Logits(trace);
                for (var i = 0; i < alone.Length; i++)
                    Assert.True(Math.Abs(alone[i] - together[start + i]) <= 1e-5 * Math.Max(1, Math.Abs(alone[i])), $"seed {seed}: {alone[i]} alone, {together[start + i]} in the pack");
                start += alone.Length;
            }
        }
    }

    [Fact]
    public void Neighbours_of_the_same_lengths_do_not_change_a_bit()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var traces = RandomPack.Traces(RandomKey.FromSeed(seed), 4, 10);
            var before = Logits(traces);
            var other = traces.Select((trace, t) => t == 1 ? trace : trace.With([.. trace.Ids.ToArray().Select(id => (id + 5) % Vocabulary)])).ToArray();
            var after = Logits(other);
            var start = traces[0].Length * Vocabulary;

            Assert.True(before.AsSpan(start, traces[1].Length * Vocabulary).SequenceEqual(after.AsSpan(start, traces[1].Length * Vocabulary)));
        }
    }

    private static ReadOnlySpan<float> Row(float[] logits, int row) => logits.AsSpan(row * Vocabulary, Vocabulary);

    private float[] Logits(params TraceRows[] traces)
    {
        using var scope = new TensorScope();
        using var mode = GradMode.Off();
        using var pack = RandomPack.Pack(traces);
        return _decoder.Logits(_decoder.Hidden(pack)).ToArray<float>();
    }
}
