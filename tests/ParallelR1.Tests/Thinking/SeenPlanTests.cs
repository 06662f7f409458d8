using FsCheck;
using FsCheck.Fluent;
using ParallelR1.Thinking;

namespace ParallelR1.Tests.Thinking;

public sealed class SeenPlanTests
{
    [Fact]
    public void Each_not_first_path_is_replayed_after_the_text_before_its_block()
    {
        int[] ids = [9, 3, 1, 9, 2, 1, 9, 9, 2, 4, 9];

        var plan = SeenPlan.Create(TraceLayout.Read(ids, 1, Soup.Tags));

        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 5, 6, 7, 8], plan.Tokens);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 2, 3, 4, 5], plan.Positions.ToArray());
        Assert.Equal([-1, 0, 1, 2, 3, 1, 11, 12, 13, 8, 9], plan.Predictors);
        Assert.Equal([new TokenRange(0, 2)], plan.Runs[1].Columns.ToArray());
    }

    [Fact]
    public void Every_token_is_scored_at_its_position_after_what_it_sees_and_nothing_else() =>
        Prop.ForAll(Soup.Arbitrary(), soup =>
        {
            var layout = TraceLayout.Read(soup.Ids, soup.PromptLength, Soup.Tags);
            var plan = SeenPlan.Create(layout);
            var positions = layout.SeenPositions();
            for (var token = 1; token < soup.Ids.Length; token++)
            {
                var row = plan.Predictors[token];
                var run = plan.Runs.Single(r => r.Start <= row && row < r.End);
                var rows = run.Columns.SelectMany(c => Enumerable.Range(c.Start, c.Length)).Concat(Enumerable.Range(run.Start, row - run.Start + 1)).ToArray();
                var context = Enumerable.Range(0, token).Where(column => layout.Sees(token, column));
                if (!rows.Select(r => plan.Tokens[r]).SequenceEqual(context))
                    return false;

                // Each context is an ordinary causal sequence, at plain positions.
                if (!rows.Select(r => plan.Positions.Span[r]).SequenceEqual(Enumerable.Range(0, rows.Length)) || positions[token] != rows.Length)
                    return false;
            }

            return true;
        }).Check(Property.Seeded.WithMaxTest(1000).WithEndSize(60));

    [Fact]
    public void Too_many_rows_are_refused()
    {
        var ids = Enumerable.Repeat(new[] { 3, 1, 2, 1 }, 2000).SelectMany(x => x).ToArray();

        var error = Assert.Throws<InputException>(() => SeenPlan.Create(TraceLayout.Read(ids, 0, Soup.Tags), 100_000));

        Assert.Contains("100000 rows", error.Message, StringComparison.Ordinal);
    }
}
