using FsCheck;
using FsCheck.Fluent;
using ParallelR1.Thinking;

namespace ParallelR1.Tests.Thinking;

public sealed class TraceRowsTests
{
    [Fact]
    public void Unseen_predicts_the_first_token_of_every_path_by_the_parallel_tag()
    {
        int[] ids = [9, 3, 1, 9, 2, 1, 9, 9, 2, 4, 9];

        var rows = TraceRows.Unseen(ids, 1, Soup.Tags);

        Assert.Equal([0, 1, 2, 3, 4, 2, 3, 4, 5, 6, 7], rows.Positions.ToArray());
        Assert.Equal([-1, 0, 1, 2, 3, 1, 5, 6, 7, 8, 9], rows.Predictors.ToArray());
        Assert.Equal([new TokenRange(0, 2)], rows.Runs[1].Columns.ToArray());
    }

    [Fact]
    public void Supervision_teaches_every_token_after_the_one_written_before_it()
    {
        int[] ids = [9, 3, 1, 9, 2, 1, 9, 9, 2, 4, 9];

        var rows = TraceRows.Supervised(ids, 1, Soup.Tags, Visibility.Unseen);

        Assert.Equal(Enumerable.Range(-1, 11), rows.Predictors.ToArray());
        Assert.Equal([0, 1, 2, 3, 4, 2, 3, 4, 5, 6, 7], rows.Positions.ToArray());
    }

    [Fact]
    public void Seen_replays_each_not_first_path_after_the_text_before_its_block()
    {
        int[] ids = [9, 3, 1, 9, 2, 1, 9, 9, 2, 4, 9];

        var rows = TraceRows.Seen(ids, 1, Soup.Tags);

        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 5, 6, 7, 8], rows.Tokens.ToArray());
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 2, 3, 4, 5], rows.Positions.ToArray());
        Assert.Equal([-1, 0, 1, 2, 3, 1, 11, 12, 13, 8, 9], rows.Predictors.ToArray());
        Assert.Equal([new TokenRange(0, 2)], rows.Runs[1].Columns.ToArray());
    }

    [Fact]
    public void In_Seen_every_token_is_scored_after_what_it_sees_at_plain_positions() =>
        Prop.ForAll(Soup.Arbitrary(), soup =>
        {
            var layout = TraceLayout.Read(soup.Ids, soup.PromptLength, Soup.Tags);
            var rows = TraceRows.Seen(soup.Ids, soup.PromptLength, Soup.Tags);
            for (var token = 1; token < soup.Ids.Length; token++)
            {
                var seen = Seen(rows, rows.Predictors[token]);
                var context = Enumerable.Range(0, token).Where(column => layout.Sees(token, column));
                if (!seen.Select(row => rows.Tokens[row]).SequenceEqual(context))
                    return false;
                if (!seen.Select(row => rows.Positions[row]).SequenceEqual(Enumerable.Range(0, seen.Length)))
                    return false;
            }

            return true;
        }).Check(Property.Seeded.WithMaxTest(1000).WithEndSize(60));

    [Fact]
    public void In_Unseen_the_predictor_of_a_token_sees_what_the_token_sees_but_for_what_follows_a_block() =>
        Prop.ForAll(Soup.Arbitrary(), soup =>
        {
            var rows = TraceRows.Unseen(soup.Ids, soup.PromptLength, Soup.Tags);
            var ends = TraceLayout.Read(soup.Ids, soup.PromptLength, Soup.Tags).Blocks.Where(block => block.Paths.Count > 0 && block.Paths[^1].End < soup.Ids.Length).ToDictionary(block => block.Paths[^1].End);
            for (var token = 1; token < soup.Ids.Length; token++)
            {
                // What follows a block comes after its last path, which does not see the other ones.
                var predicted = Seen(rows, token).SkipLast(1).Where(row => !ends.TryGetValue(token, out var block) || row <= block.ParallelIndex || row >= block.Paths[^1].Start);
                if (!Seen(rows, rows.Predictors[token]).SequenceEqual(predicted))
                    return false;
            }

            return true;
        }).Check(Property.Seeded.WithMaxTest(1000).WithEndSize(60));

    [Fact]
    public void Too_many_rows_are_refused()
    {
        var ids = Enumerable.Repeat(new[] { 3, 1, 2, 1 }, 2000).SelectMany(x => x).ToArray();

        var error = Assert.Throws<InputException>(() => TraceRows.Seen(ids, 0, Soup.Tags, 100_000));

        Assert.Contains("100000 rows", error.Message, StringComparison.Ordinal);
    }

    /// <summary>The rows that a row sees, itself included, in order.</summary>
    internal static int[] Seen(TraceRows rows, int row)
    {
        var run = rows.Runs.Single(r => r.Start <= row && row < r.End);
        return [.. run.Columns.SelectMany(c => Enumerable.Range(c.Start, c.Length)), .. Enumerable.Range(run.Start, row - run.Start + 1)];
    }
}
