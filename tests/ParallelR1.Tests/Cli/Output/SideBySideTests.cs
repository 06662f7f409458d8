using ParallelR1.Cli.Output;
using ParallelR1.Runs.Reports;

namespace ParallelR1.Tests.Cli.Output;

public sealed class SideBySideTests
{
    [Fact]
    public void Paths_stand_in_columns_with_the_summary_below()
    {
        var lines = Draw("Well.<Parallel><Path>one\ntwo</Path><Path>three</Path></Parallel>\n<Summary>four</Summary>Final Answer: 5", 60);

        Assert.Equal("Well.", lines[0]);
        Assert.Contains("path 1", lines[1], StringComparison.Ordinal);
        Assert.Contains("path 2", lines[1], StringComparison.Ordinal);
        Assert.Matches("one .*three", lines[2]);
        Assert.Contains("two", lines[3], StringComparison.Ordinal);
        Assert.Contains("summary", lines[^4], StringComparison.Ordinal);
        Assert.Contains("four", lines[^3], StringComparison.Ordinal);
        Assert.Equal("Final Answer: 5", lines[^1]);
    }

    [Theory]
    [InlineData(100, 5, new[] { 3, 2 })]
    [InlineData(200, 5, new[] { 5 })]
    [InlineData(40, 3, new[] { 1, 1, 1 })]
    [InlineData(100, 1, new[] { 1 })]
    public void As_many_columns_as_the_terminal_has_room_for(int width, int paths, int[] expected)
    {
        var lines = Draw($"<Parallel>{string.Concat(Enumerable.Repeat("<Path>x</Path>", paths))}</Parallel>", width);

        Assert.All(lines, line => Assert.True(line.Length <= width));
        Assert.Equal(expected, lines.Select(line => line.Split("path ").Length - 1).Where(count => count > 0));
    }

    [Fact]
    public void What_is_not_closed_yet_is_drawn_all_the_same() =>
        Assert.Contains(Draw("a<Parallel><Path>b</Path><Path>c", 60), line => line.Contains("path 2", StringComparison.Ordinal));

    [Fact]
    public void Nothing_that_a_model_writes_steers_the_terminal()
    {
        var text = string.Join('\n', Draw("a\u001b[2Jb\u0007[red]c[/]\td", 60));

        Assert.Equal("a\uFFFD[2Jb\uFFFD[red]c[/]    d", text);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(30)]
    public void A_narrow_terminal_and_deep_nesting_do_no_harm(int width)
    {
        var deep = string.Concat(Enumerable.Repeat("<Parallel><Path>x", 50));
        Assert.NotEmpty(Draw(deep, width));
        Assert.NotEmpty(Draw("", width));
    }

    private static string[] Draw(string text, int width) => TextConsole.Draw(SideBySide.Draw(TraceTree.Parse(text), width), width);
}
