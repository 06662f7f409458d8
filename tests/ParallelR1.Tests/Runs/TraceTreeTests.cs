using System.Globalization;
using ParallelR1.Runs.Reports;

namespace ParallelR1.Tests.Runs;

public sealed class TraceTreeTests
{
    [Fact]
    public void A_response_becomes_text_a_block_with_paths_and_its_summary()
    {
        var tree = TraceTree.Parse("a <Parallel><Path>one</Path><Path>two</Path></Parallel>\n<Summary>both</Summary> b");

        Assert.Collection(tree.Nodes,
            n => Assert.Equal("a ", Assert.IsType<TraceText>(n).Text),
            n =>
            {
                var block = Assert.IsType<TraceBlock>(n);
                Assert.Equal(["one", "two"], block.Paths.Select(Show));
                Assert.Equal("both", Show(block.Summary!));
                Assert.Empty(block.Stray.Nodes);
            },
            n => Assert.Equal(" b", Assert.IsType<TraceText>(n).Text));
    }

    [Theory]
    [InlineData("<Path>x</Path>", "<Path>x</Path>")]
    [InlineData("</Parallel> <Summary>x", "</Parallel> <Summary>x")]
    [InlineData("<Parallel><Path>x", "{[x]|}")]
    [InlineData("<Parallel>s<Path>x</Path></Parallel>y", "{[x]!s|}y")]
    [InlineData("<Parallel><Path>a<Parallel><Path>b</Path></Parallel><Summary>c</Summary></Path></Parallel>", "{[a{[b]|c}]|}")]
    [InlineData("<Parallel></Parallel><Summary>1</Summary><Summary>2</Summary>", "{|1}<Summary>2</Summary>")]
    [InlineData("", "")]
    public void Whatever_stands_there_is_drawn(string text, string expected) => Assert.Equal(expected, Show(TraceTree.Parse(text)));

    [Fact]
    public void A_hundred_thousand_nested_tags_neither_crash_nor_take_long()
    {
        var text = string.Concat(Enumerable.Repeat("<Parallel><Path>", 100_000));

        var tree = TraceTree.Parse(text);

        Assert.InRange(tree.Blocks, 1, 20);
        var html = new Html();
        TraceHtml.Write(html, tree);
        Assert.Contains("&lt;Parallel&gt;", html.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_is_escaped_and_the_page_is_whole()
    {
        var html = new Html();
        TraceHtml.Write(html, TraceTree.Parse("<script>alert('x')</script> {0} <Parallel><Path>\"&\0</Path></Parallel>\nFinal Answer: <b>"));

        Assert.DoesNotContain("<script>", html.ToString(), StringComparison.Ordinal);
        Assert.Contains("{0}", html.ToString(), StringComparison.Ordinal);
        Assert.Contains("<b class=\"answer\">Final Answer: &lt;b&gt;</b>", html.ToString(), StringComparison.Ordinal);
    }

    private static string Show(TraceTree tree) => string.Concat(tree.Nodes.Select(n => n is TraceText t
        ? t.Text
        : string.Create(CultureInfo.InvariantCulture, $"{{{string.Concat(((TraceBlock)n).Paths.Select(p => $"[{Show(p)}]"))}{(((TraceBlock)n).Stray.Nodes.Count > 0 ? "!" + Show(((TraceBlock)n).Stray) : "")}|{(((TraceBlock)n).Summary is { } s ? Show(s) : "")}}}")));
}
