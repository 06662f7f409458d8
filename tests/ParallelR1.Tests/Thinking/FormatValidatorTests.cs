using System.Diagnostics;
using ParallelR1.Thinking;

namespace ParallelR1.Tests.Thinking;

public sealed class FormatValidatorTests
{
    // P, p, S: Parallel, Path, Summary; a slash closes.
    private static readonly Dictionary<string, ThinkingTag> Short = new()
    {
        ["P"] = ThinkingTag.ParallelOpen,
        ["/P"] = ThinkingTag.ParallelClose,
        ["p"] = ThinkingTag.PathOpen,
        ["/p"] = ThinkingTag.PathClose,
        ["S"] = ThinkingTag.SummaryOpen,
        ["/S"] = ThinkingTag.SummaryClose,
    };

    [Theory]
    [InlineData("", true)]
    [InlineData("P p /p p /p /P S /S", true)]
    [InlineData("P p /p p /p /P S", true)]
    [InlineData("P p /p p /p /P S /S /S", true)]
    [InlineData("p /p", true)]
    [InlineData("P p /p p P p /p p /p /P S /S /p /P S /S", true)]
    [InlineData("P p p /p /p /P S /S", true)]
    [InlineData("P p /p p /p /P S p /p /S", true)]
    [InlineData("P p /p /P S /S", false)]
    [InlineData("P p /p p /p /P", false)]
    [InlineData("P p /p p /p S /S /P", false)]
    [InlineData("P p /p p /p /P S /S S /S", false)]
    [InlineData("P p /p p /p /P P p /p p /p /P S /S", false)]
    [InlineData("P p /p p /p", false)]
    [InlineData("S /S", false)]
    public void Rewards_judge_the_order_of_tags(string tags, bool valid)
    {
        var text = Text(tags);
        int[] ids = [.. tags.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(tag => Soup.Tags[Short[tag]]), 9];

        Assert.Equal(valid, FormatValidator.Check(text).IsValid);
        Assert.Equal(valid, FormatValidator.Check(ids, Soup.Tags).IsValid);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("P p /p /P S /S", true)]
    [InlineData("P p /p p /p /P", true)]
    [InlineData("P p /p p /p /P S", false)]
    [InlineData("P p /P /p", false)]
    [InlineData("/S", false)]
    public void The_data_filter_is_a_bracket_matcher(string tags, bool valid) =>
        Assert.Equal(valid, BracketValidator.Check(Text(tags)).Count == 0);

    [Fact]
    public void Paths_are_credited_to_their_blocks_in_order_of_opening()
    {
        var report = FormatValidator.Check(Text("P p /p p P p /p p /p p /p /P S /S /p /P S /S P p"));

        Assert.Equal([2, 3, 0], report.Paths);
        Assert.Equal(3, report.Blocks);
    }

    [Fact]
    public void Messages_say_which_tag_is_wrong() =>
        Assert.Equal(["tag 4: the block has 1 closed path, at least two are needed"], FormatValidator.Check(Text("P p /p /P S /S")).Errors);

    [Theory]
    [InlineData("<Parallel>")]
    [InlineData("</Path>")]
    [InlineData("<Parallel><Path>")]
    [InlineData("<<<<")]
    public void A_million_tags_take_linear_time(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 1_000_000));
        var clock = Stopwatch.StartNew();

        var messages = FormatValidator.Check(text).Errors.Count + BracketValidator.Check(text).Count;

        Assert.True(messages < 200 && clock.Elapsed < TimeSpan.FromSeconds(20), $"{messages} messages in {clock.Elapsed}");
    }

    private static string Text(string tags) =>
        string.Join(" words ", tags.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(tag => Short[tag].Text()));
}
