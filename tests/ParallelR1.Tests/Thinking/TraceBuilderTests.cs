using FsCheck;
using FsCheck.Fluent;
using ParallelR1.Thinking;

namespace ParallelR1.Tests.Thinking;

public sealed class TraceBuilderTests
{
    private const int Newline = 7, Text = 9;

    [Fact]
    public void The_layout_of_any_decoded_trace_is_what_the_builder_handed_out() =>
        Prop.ForAll(Soup.Arbitrary(), ArbMap.Default.ArbFor<int>(), (soup, seed) =>
        {
            var engine = new Engine(soup, RandomKey.FromSeed(seed));
            engine.Run();
            return engine.Agrees();
        }).Check(Property.Seeded.WithMaxTest(2000).WithEndSize(30));

    [Fact]
    public void Paths_in_lockstep_share_positions_and_lanes_keep_them_apart()
    {
        var builder = new TraceBuilder([Text, Text], [3], Soup.Tags);

        Assert.True(builder.CanOpen);
        Assert.Equal([new TokenPlace(3, 3, 3, 1), new TokenPlace(4, 3, 3, 2)], builder.OpenPaths(2, -1f));
        Assert.Equal(new TokenPlace(5, 4, 4, 1), builder.AppendToPath(0, Text, TokenOrigin.Sampled, -2f));
        Assert.Equal(new TokenPlace(6, 4, 4, 2), builder.AppendToPath(1, 2, TokenOrigin.Sampled, -3f));
        Assert.False(builder.CanJoin);
        Assert.Equal(5, builder.ClosingLength);
        builder.AppendToPath(0, 2, TokenOrigin.Injected, -4f);
        Assert.Equal(new TokenPlace(8, 6, 8, 0), builder.Join(0f));
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0, 0], builder.RowLanes.ToArray());

        var trace = builder.Assemble();
        Assert.Equal([3, 1, Text, 2, 1, 2, 4], trace.Response);
        Assert.Equal([false, false, true, false, false, true, false], trace.Sampled);
        Assert.Equal([0f, -1f, -2f, -4f, -1f, -3f, 0f], trace.LogProbs);
        Assert.Equal([0, 1, 2, 3, 4, 5, 3, 4, 6], trace.Positions);
        Assert.Equal([0, 1, 2, 3, 4, 5, 3, 4, 8], trace.SeenPositions);
    }

    [Fact]
    public void A_lead_within_a_path_can_be_joined_by_further_paths()
    {
        var builder = new TraceBuilder([Text], [3, 1, Text, 2, 1, Text], Soup.Tags);

        Assert.Equal(TraceContext.Paths, builder.Context);
        Assert.Equal([true, false], builder.Lanes.Select(lane => lane.IsClosed));
        Assert.Equal([0, 0, 1, 1, 1, 2, 2], builder.RowLanes.ToArray());
        Assert.Equal([new TokenPlace(7, 2, 2, 3)], builder.OpenPaths(3, 0));
        Assert.Equal(new TokenPlace(8, 4, 4, 2), builder.AppendToPath(1, Text, TokenOrigin.Sampled, 0));
    }

    [Fact]
    public void Tokens_where_they_cannot_be_are_refused()
    {
        var builder = new TraceBuilder([Text], [], Soup.Tags);

        Assert.Throws<InvalidOperationException>(() => builder.OpenPaths(2, 0));
        Assert.Throws<InvalidOperationException>(() => builder.AppendToPath(0, Text, TokenOrigin.Sampled, 0));
        Assert.Throws<InvalidOperationException>(() => builder.Join(0));
        builder.Append(3, TokenOrigin.Sampled, 0);
        builder.OpenPaths(2, 0);
        Assert.Throws<InvalidOperationException>(() => builder.Append(Text, TokenOrigin.Sampled, 0));
    }

    /// <summary>Decodes at random by the engine's rules, and notes what each token saw when it was appended.</summary>
    private sealed class Engine(Soup soup, RandomKey key)
    {
        private readonly TraceBuilder _builder = new(soup.Ids.AsSpan(0, soup.PromptLength), soup.Ids.AsSpan(soup.PromptLength), Soup.Tags);
        private readonly Dictionary<int, HashSet<int>> _seen = [];
        private int _draw;

        public void Run()
        {
            for (var step = 0; step < 40; step++)
                Step();
            var (closing, before) = (_builder.ClosingLength, _builder.Length);
            while (_builder.Lanes.Count > 0 || _builder.AwaitsSummary || _builder.Context != TraceContext.Text)
                Close();
            Assert.Equal(closing, _builder.Length - before);
        }

        public bool Agrees()
        {
            var trace = _builder.Assemble();
            int[] ids = [.. soup.Ids.AsSpan(0, soup.PromptLength), .. trace.Response];
            var layout = TraceLayout.Read(ids, soup.PromptLength, Soup.Tags);
            var places = new int[ids.Length];
            for (var i = 0; i < ids.Length; i++)
                places[trace.Rows[i]] = i;
            var visibility = _seen.All(s => Enumerable.Range(0, ids.Length).All(column =>
                layout.Sees(places[s.Key], column) == s.Value.Contains(trace.Rows[column])));
            return visibility && layout.Positions.SequenceEqual(trace.Positions) && layout.SeenPositions().SequenceEqual(trace.SeenPositions)
                && trace.Rows.Select(row => _builder.RowIds[row]).SequenceEqual(ids);
        }

        private int Draw(int bound) => key.Next(bound, _draw++);

        private void Step()
        {
            switch (_builder.Context)
            {
                case TraceContext.Paths:
                    StepPaths();
                    break;
                case TraceContext.Summary:
                    Note(_builder.Append(Draw(4) == 0 ? 6 : Text, TokenOrigin.Sampled, 0));
                    break;
                case TraceContext.Text when _builder.CanOpen && Draw(4) > 0:
                    Note(_builder.OpenPaths(1 + Draw(4), 0));
                    break;
                case TraceContext.Text when _builder.AwaitsSummary && Draw(4) > 0:
                    WriteSummary();
                    break;
                case TraceContext.Text:
                    Note(_builder.Append(_builder.Lanes.Count == 0 && Draw(3) == 0 ? 3 : Text, TokenOrigin.Sampled, 0));
                    if (_builder.Lanes.Count > 0 && Draw(3) == 0)
                        _builder.ResumePaths();
                    break;
            }
        }

        private void StepPaths()
        {
            if (Draw(5) == 0)
                Note(_builder.OpenPaths(1 + Draw(4), 0));
            var open = _builder.Lanes.Where(lane => !lane.IsClosed).ToArray();
            foreach (var lane in open)
                Note(_builder.AppendToPath(lane.Path, Draw(4) == 0 ? 2 : Text, TokenOrigin.Sampled, 0));
            if (_builder.CanJoin)
                Note(_builder.Join(0));
        }

        private void Close()
        {
            if (_builder.Context == TraceContext.Paths)
            {
                foreach (var lane in _builder.Lanes.Where(lane => !lane.IsClosed).ToArray())
                    Note(_builder.AppendToPath(lane.Path, 2, TokenOrigin.Injected, 0));
                Note(_builder.Join(0));
            }
            else if (_builder.Context == TraceContext.Summary)
            {
                Note(_builder.Append(6, TokenOrigin.Injected, 0));
            }
            else if (_builder.AwaitsSummary)
            {
                WriteSummary();
            }
        }

        private void WriteSummary()
        {
            if (_builder.RowIds[^1] == 4)
                Note(_builder.Append(Newline, TokenOrigin.Injected, 0));
            Note(_builder.Append(5, TokenOrigin.Injected, 0));
        }

        private void Note(params TokenPlace[] places)
        {
            var lanes = _builder.RowLanes.ToArray();
            foreach (var place in places)
                _seen[place.Row] = [.. Enumerable.Range(0, place.Row + 1).Where(row => lanes[row] == 0 || lanes[row] == place.Lane)];
        }
    }
}
