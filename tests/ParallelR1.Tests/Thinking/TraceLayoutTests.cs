using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using ParallelR1.Thinking;

namespace ParallelR1.Tests.Thinking;

public sealed class TraceLayoutTests
{
    private const int P = 3, P_ = 4, p = 1, p_ = 2, S = 5, S_ = 6, t = 9;

    [Fact]
    public void The_published_example_restarts_paths_and_goes_on_after_the_longest()
    {
        int[] ids = [t, t, t, t, t, t, t, t, t, t, P, p, t, t, t, p_, p, t, p_, P_, 7, S];

        var layout = TraceLayout.Read(ids, 3, Soup.Tags);

        Assert.Equal([10, 11, 12, 13, 14, 15, 11, 12, 13, 16, 17, 18], layout.Positions[10..].ToArray());
        Assert.Equal(19 - 3, layout.CriticalPathLength);
    }

    [Fact]
    public void Paths_do_not_see_their_siblings_and_what_follows_sees_all()
    {
        int[] ids = [t, t, t, P, p, t, p_, p, t, p_, P_, S, t, S_, t];

        var layout = TraceLayout.Read(ids, 1, Soup.Tags);

        Assert.Equal([new HiddenRange(7, 10, 4, 7)], layout.Hidden());
        Assert.True(Enumerable.Range(0, 11).All(column => layout.Sees(10, column)));
        var block = Assert.Single(layout.Blocks);
        Assert.Equal([new ParallelPath(4, 7, true), new ParallelPath(7, 10, true)], block.Paths);
        Assert.Equal((3, 10, 11, 14), (block.ParallelIndex, block.CloseIndex, block.SummaryStart, block.SummaryEnd));
        Assert.Equal(2 / 14.0, layout.RelativeStart(block));
    }

    [Fact]
    public void Tags_in_the_prompt_are_text()
    {
        var layout = TraceLayout.Read([P, p, t, p_, p, p_, P_, t], 7, Soup.Tags);

        Assert.Empty(layout.Blocks);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], layout.Positions.ToArray());
    }

    [Fact]
    public void Any_sequence_is_read_as_by_the_slow_reference() =>
        Prop.ForAll(Soup.Arbitrary(), Agrees).Check(Property.Seeded.WithMaxTest(2000).WithEndSize(60));

    [Fact]
    public void Segments_partition_the_tokens_and_say_where_each_lies() =>
        Prop.ForAll(Soup.Arbitrary(), soup =>
        {
            var (layout, dense) = (TraceLayout.Read(soup.Ids, soup.PromptLength, Soup.Tags), new DenseLayout(soup.Ids, soup.PromptLength));
            var expected = soup.Ids.Select((_, i) => Kind(soup, dense, i)).ToArray();
            var actual = layout.Segments.SelectMany(s => Enumerable.Repeat((s.Kind, s.Block, s.Path), s.End - s.Start));
            var maximal = layout.Segments.Zip(layout.Segments.Skip(1)).All(x =>
                x.First.End == x.Second.Start && (x.First.Kind, x.First.Block, x.First.Path) != (x.Second.Kind, x.Second.Block, x.Second.Path));
            return maximal && expected.SequenceEqual(actual);
        }).Check(Property.Seeded.WithMaxTest(1000).WithEndSize(60));

    [Theory]
    [InlineData(new[] { P, p })]
    [InlineData(new[] { P, p, p_, p })]
    [InlineData(new[] { P, p, t, p_, p, t, p_, P_, S, t, S_ })]
    [InlineData(new[] { P, p, p_ })]
    [InlineData(new[] { p_, P_, S, P })]
    public void A_million_tags_take_linear_time(int[] piece)
    {
        var ids = Enumerable.Range(0, 1_000_000).Select(i => piece[i % piece.Length]).ToArray();
        var clock = Stopwatch.StartNew();

        var layout = TraceLayout.Read(ids, 0, Soup.Tags);

        Assert.Equal(ids.Length, layout.Segments[^1].End);
        Assert.True(layout.Sees(ids.Length - 1, 0));
        Assert.NotEmpty(layout.Hidden().Take(1000).Concat([default]));
        Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1), $"took {clock.Elapsed}");
    }

    [Fact]
    public void Causal_layouts_hide_nothing()
    {
        var layout = TraceLayout.Causal(5, 2);

        Assert.Empty(layout.Hidden());
        Assert.Equal([new VisibleRun(0, 5, [])], layout.VisibleRuns(), (a, b) => a.Start == b.Start && a.End == b.End && b.Columns.IsEmpty);
        Assert.Equal([0, 1, 2, 3, 4], layout.Positions.ToArray());
    }

    private static (SegmentKind, int, int) Kind(Soup soup, DenseLayout dense, int i) =>
        i < soup.PromptLength ? (SegmentKind.Prompt, -1, -1)
        : dense.Summaries.TryGetValue(i, out var block) ? (SegmentKind.Summary, block, -1)
        : dense.Chains[i].Length == 0 ? (SegmentKind.Main, -1, -1)
        : (SegmentKind.Path, dense.Chains[i][^1].Block, dense.Chains[i][^1].Path);

    private static bool Agrees(Soup soup)
    {
        var (layout, dense) = (TraceLayout.Read(soup.Ids, soup.PromptLength, Soup.Tags), new DenseLayout(soup.Ids, soup.PromptLength));
        var length = soup.Ids.Length;
        if (!layout.Positions.SequenceEqual(dense.Positions))
            return false;

        var fromRuns = new bool[length, length];
        foreach (var run in layout.VisibleRuns())
        {
            for (var row = run.Start; row < run.End; row++)
            {
                foreach (var columns in run.Columns)
                {
                    for (var column = columns.Start; column < columns.End; column++)
                        fromRuns[row, column] = true;
                }

                for (var column = run.Start; column <= row; column++)
                    fromRuns[row, column] = true;
            }
        }

        var hidden = new bool[length, length];
        foreach (var h in layout.Hidden())
        {
            for (var row = h.RowStart; row < h.RowEnd; row++)
            {
                for (var column = h.ColumnStart; column < h.ColumnEnd; column++)
                    hidden[row, column] = true;
            }
        }

        for (var row = 0; row < length; row++)
        {
            for (var column = 0; column < length; column++)
            {
                var expected = dense.Sees(row, column);
                if (expected != layout.Sees(row, column) || expected != fromRuns[row, column] || hidden[row, column] != (column <= row && !expected))
                    return false;
            }
        }

        return layout.CriticalPathLength == (length == soup.PromptLength ? 0 : dense.Positions[soup.PromptLength..].Max() + 1 - soup.PromptLength);
    }
}
