using FsCheck;
using FsCheck.Fluent;
using ParallelR1.Thinking;

namespace ParallelR1.Tests.Thinking;

public sealed class TraceBuilderTests
{
    private const int Newline = 7, Text = 9;

    [Theory]
    [InlineData(Visibility.Unseen)]
    [InlineData(Visibility.Seen)]
    public void Whatever_was_decoded_its_rows_are_what_the_builder_handed_out(Visibility regime) =>
        Prop.ForAll(Soup.Arbitrary(), ArbMap.Default.ArbFor<int>(), (soup, seed) =>
        {
            var engine = new Engine(soup, RandomKey.FromSeed(seed), regime);
            engine.Run();
            return engine.Agrees();
        }).Check(Property.Seeded.WithMaxTest(2000).WithEndSize(30));

    [Fact]
    public void Paths_in_lockstep_share_positions_and_lie_in_pages_of_their_own()
    {
        var builder = new TraceBuilder([Text, Text], [3], Soup.Tags, Visibility.Unseen);

        Assert.True(builder.CanOpen);
        var open = builder.OpenPaths(2, -1f);
        Assert.Equal([(16, 3, 2), (32, 3, 2)], open.Select(row => (row.Row, row.Position, row.Predictor)));
        Assert.Equal([new TokenRange(0, 3), new TokenRange(32, 33)], Seen(open[1]));
        var first = builder.AppendToPath(0, Text, TokenOrigin.Sampled, -2f);
        Assert.Equal((17, 4, 16), (first.Row, first.Position, first.Predictor));
        var second = builder.AppendToPath(1, 2, TokenOrigin.Sampled, -3f);
        Assert.Equal((33, 4, 32), (second.Row, second.Position, second.Predictor));
        Assert.False(builder.CanJoin);
        Assert.Equal(5, builder.ClosingLength);
        builder.AppendToPath(0, 2, TokenOrigin.Injected, -4f);
        var close = Assert.Single(builder.Join(0f));
        Assert.Equal((3, 6, 33), (close.Row, close.Position, close.Predictor));
        Assert.Equal([new TokenRange(0, 3), new TokenRange(16, 19), new TokenRange(32, 34), new TokenRange(3, 4)], Seen(close));

        var trace = builder.Assemble();
        Assert.Equal([3, 1, Text, 2, 1, 2, 4], trace.Response);
        Assert.Equal([false, false, true, false, false, true, false], trace.Sampled);
        Assert.Equal([0f, -1f, -2f, -4f, -1f, -3f, 0f], trace.LogProbs);
        Assert.Equal([0, 1, 2, 3, 4, 5, 3, 4, 6], trace.Positions);
    }

    [Fact]
    public void Seen_runs_the_joined_text_again_in_the_pages_that_its_paths_leave()
    {
        var builder = new TraceBuilder([Text, Text], [3], Soup.Tags, Visibility.Seen);
        builder.OpenPaths(2, 0);
        builder.AppendToPath(0, 2, TokenOrigin.Sampled, 0);
        builder.AppendToPath(1, 2, TokenOrigin.Sampled, 0);

        var rows = builder.Join(0);

        Assert.Equal([1, 2, 1, 2, 4], rows.Select(row => row.Id));
        Assert.Equal([3, 4, 5, 6, 7], rows.Select(row => row.Position));
        Assert.Equal([new TokenRange(0, 8)], Seen(rows[^1]));
        builder.Append(3, TokenOrigin.Sampled, 0);
        Assert.Equal([32, 16], builder.OpenPaths(2, 0).Select(row => row.Row));
    }

    [Fact]
    public void A_lead_within_a_path_can_be_joined_by_further_paths()
    {
        var builder = new TraceBuilder([Text], [3, 1, Text, 2, 1, Text], Soup.Tags, Visibility.Unseen);

        Assert.Equal(TraceContext.Paths, builder.Context);
        Assert.Equal([true, false], builder.Paths.Select(path => path.IsClosed));
        var third = Assert.Single(builder.OpenPaths(3, 0));
        Assert.Equal((16, 2, 1), (third.Row, third.Position, third.Predictor));
        Assert.Equal([new TokenRange(0, 2), new TokenRange(16, 17)], Seen(third));
        var second = builder.AppendToPath(1, Text, TokenOrigin.Sampled, 0);
        Assert.Equal((7, 4), (second.Row, second.Position));
        Assert.Equal([new TokenRange(0, 2), new TokenRange(5, 8)], Seen(second));
    }

    [Fact]
    public void Tokens_where_they_cannot_be_are_refused()
    {
        var builder = new TraceBuilder([Text], [], Soup.Tags, Visibility.Unseen);

        Assert.Throws<InvalidOperationException>(() => builder.OpenPaths(2, 0));
        Assert.Throws<InvalidOperationException>(() => builder.AppendToPath(0, Text, TokenOrigin.Sampled, 0));
        Assert.Throws<InvalidOperationException>(() => builder.Join(0));
        builder.Append(3, TokenOrigin.Sampled, 0);
        builder.OpenPaths(2, 0);
        Assert.Throws<InvalidOperationException>(() => builder.Append(Text, TokenOrigin.Sampled, 0));
    }

    private static List<TokenRange> Seen(TraceRow row)
    {
        var ranges = new List<TokenRange>();
        row.CopySeen(ranges);
        return ranges;
    }

    /// <summary>Decodes at random by the engine's rules, keeps a cache of what went through the model, and notes what each row saw in it.</summary>
    private sealed class Engine
    {
        private readonly TraceBuilder _builder;
        private readonly Soup _soup;
        private readonly RandomKey _key;
        private readonly Visibility _regime;
        private readonly TagIds _tags;
        private readonly Dictionary<int, (int Token, int Position)> _cache = []; // by row
        private readonly Dictionary<int, (int Token, int Position)[]> _contexts = []; // by token, of its first way through the model
        private readonly Dictionary<int, (int Token, int Position)[]> _predictors = []; // by token, context of the row that predicts it
        private readonly Dictionary<int, (int Token, int Position)[]> _ofRow = []; // by row, the last context
        private int _draw;

        public Engine(Soup soup, RandomKey key, Visibility regime)
        {
            (_soup, _key, _regime) = (soup, key, regime);
            _tags = Soup.Tags.WithNumbers(Draw(2) == 0 ? Soup.Numbers : null);
            _builder = new TraceBuilder(soup.Ids.AsSpan(0, soup.PromptLength), soup.Ids.AsSpan(soup.PromptLength), _tags, regime);
            var given = _builder.Given;
            for (var token = 0; token < given.Length; token++)
            {
                var source = given.Sources[token];
                Assert.Equal(token, given.Rows.Tokens[source]);
                _cache[token] = (token, given.Rows.Positions[source]);
                _ofRow[token] = [.. TraceRowsTests.Seen(given.Rows, source).Select(row => (given.Rows.Tokens[row], given.Rows.Positions[row]))];
            }
        }

        public void Run()
        {
            for (var step = 0; step < 40; step++)
                Step();
            var (closing, before, critical) = (_builder.ClosingLength, _builder.Length, _builder.ClosedCriticalLength);
            while (_builder.Context != TraceContext.Text)
                Close();
            Assert.Equal(closing, _builder.Length - before);
            Assert.Equal(critical, _builder.CriticalLength);
        }

        /// <summary>Every decoded token saw, in order and at their positions, the tokens that its row sees, and was predicted by the same context.</summary>
        public bool Agrees()
        {
            var trace = _builder.Assemble();
            int[] ids = [.. _soup.Ids.AsSpan(0, _soup.PromptLength), .. trace.Response];
            if (_builder.CriticalLength != TraceLayout.Read(ids, _soup.PromptLength, _tags).CriticalPathLength)
                return false;
            var rows = TraceRows.Decoding(ids, _soup.PromptLength, _tags, _regime);
            for (var i = _soup.Ids.Length; i < ids.Length; i++)
            {
                var token = trace.Tokens[i];
                if (_builder.Id(token) != ids[i])
                    return false;
                if (_predictors.TryGetValue(token, out var predictor) && !predictor.Select(x => (Array.IndexOf(trace.Tokens, x.Token), x.Position)).SequenceEqual(Context(rows.Predictors[i])))
                    return false;
                var own = _contexts[token].Select(x => (Array.IndexOf(trace.Tokens, x.Token), x.Position)).ToArray();
                if (own[^1] != (i, trace.Positions[i]) || !own.SequenceEqual(Context(Row(i))))
                    return false;
            }

            return true;

            // The row in which a token is decoded: in Seen the last pass that holds it.
            int Row(int token) => Enumerable.Range(0, rows.Length).Last(row => rows.Tokens[row] == token);

            IEnumerable<(int, int)> Context(int row) => row < 0 ? [] : TraceRowsTests.Seen(rows, row).Select(r => (rows.Tokens[r], rows.Positions[r]));
        }

        private int Draw(int bound) => _key.Next(bound, _draw++);

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
                case TraceContext.AfterBlock when Draw(4) > 0:
                    WriteSummary();
                    break;
                case TraceContext.Text or TraceContext.AfterBlock:
                    Note(_builder.Append(_builder.OpenBlocks == 0 && Draw(3) == 0 ? 3 : Text, TokenOrigin.Sampled, 0));
                    if (_builder.OpenBlocks > 0 && Draw(3) == 0)
                        _builder.ResumePaths();
                    break;
            }
        }

        private void StepPaths()
        {
            if (Draw(5) == 0)
                Note(_builder.OpenPaths(1 + Draw(4), 0));
            foreach (var path in _builder.Paths.Where(path => !path.IsClosed).ToArray())
                Note(_builder.AppendToPath(path.Path, Draw(4) == 0 ? 2 : Text, TokenOrigin.Sampled, 0));
            if (_builder.CanJoin)
                Note([.. _builder.Join(0)]);
        }

        private void Close()
        {
            if (_builder.Context == TraceContext.Paths)
            {
                foreach (var path in _builder.Paths.Where(path => !path.IsClosed).ToArray())
                    Note(_builder.AppendToPath(path.Path, 2, TokenOrigin.Injected, 0));
                Note([.. _builder.Join(0)]);
            }
            else if (_builder.Context == TraceContext.Summary)
            {
                Note(_builder.Append(6, TokenOrigin.Injected, 0));
            }
            else
            {
                WriteSummary();
            }
        }

        private void WriteSummary()
        {
            if (_builder.EndsWithBlock)
                Note(_builder.Append(Newline, TokenOrigin.Injected, 0));
            Note(_builder.Append(5, TokenOrigin.Injected, 0));
        }

        private void Note(params TraceRow[] rows)
        {
            foreach (var row in rows)
            {
                if (!_contexts.ContainsKey(row.Token) && row.Predictor >= 0)
                    _predictors[row.Token] = _ofRow[row.Predictor];
                _cache[row.Row] = (row.Token, row.Position);
                _ofRow[row.Row] = [.. Seen(row).SelectMany(range => Enumerable.Range(range.Start, range.Length)).Select(r => _cache[r])];
                _contexts.TryAdd(row.Token, _ofRow[row.Row]);
            }
        }
    }
}
