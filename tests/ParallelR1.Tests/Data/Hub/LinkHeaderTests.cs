using ParallelR1.Data.Hub;

namespace ParallelR1.Tests.Data.Hub;

public class LinkHeaderTests
{
    [Theory]
    [InlineData("<https://h/a?cursor=1>; rel=\"next\"", "https://h/a?cursor=1")]
    [InlineData("<https://h/a?cursor=1>; rel=next", "https://h/a?cursor=1")]
    [InlineData("<https://h/a>;rel='next'", "https://h/a")]
    [InlineData("<https://h/a?x=1,2>; REL=\"NEXT\"", "https://h/a?x=1,2")]
    [InlineData("<https://h/p>; rel=\"prev\", <https://h/n>; rel=\"next\"", "https://h/n")]
    [InlineData("<https://h/p>; rel=prev; title=\"a, b; rel=next\" , </n>; title=x; rel=\"last next\"", "/n")]
    [InlineData("<https://h/p>; rel=\"nextish\"", null)]
    [InlineData("<https://h/p>", null)]
    [InlineData("", null)]
    public void The_next_page_is_found_however_it_is_written(string header, string? expected) =>
        Assert.Equal(expected, LinkHeader.Find(header, "next"));

    [Theory]
    [InlineData("https://h/a; rel=next")]
    [InlineData("<https://h/a; rel=next")]
    [InlineData("<https://h/a> rel=next")]
    public void What_is_no_link_is_an_error(string header) =>
        Assert.Throws<FormatException>(() => LinkHeader.Find(header, "next"));
}
