using ParallelR1.Thinking;

namespace ParallelR1.Tests.Thinking;

public sealed class PathNumbersTests
{
    private const string Response = "So <Parallel><Path>1\none<Parallel><Path>1\ninner</Path></Parallel></Path><Path>2\ntwo</Path><Path>2\nno</Path></Parallel><Summary>1\n</Summary>";

    [Fact]
    public void Ordinals_of_nested_paths_are_found_and_others_are_text()
    {
        Assert.Equal([1, 1, 2], PathNumbers.Find(Response).Select(found => found.Ordinal));
        Assert.All(PathNumbers.Find(Response), found => Assert.Equal(PathNumbers.Text(found.Ordinal), Response.Substring(found.Start, found.Length)));
    }

    [Fact]
    public void Measures_of_difference_see_the_paths_without_their_ordinals() =>
        Assert.Equal(
            "So <Parallel><Path>one<Parallel><Path>inner</Path></Parallel></Path><Path>two</Path><Path>2\nno</Path></Parallel><Summary>1\n</Summary>",
            PathNumbers.Remove(Response));

    [Fact]
    public void What_is_inserted_is_what_is_removed()
    {
        const string Plain = "<Parallel><Path>a</Path><Path>b<Parallel><Path>c</Path><Path>d</Path></Parallel></Path></Parallel><Path>";

        Assert.Equal("<Parallel><Path>1\na</Path><Path>2\nb<Parallel><Path>1\nc</Path><Path>2\nd</Path></Parallel></Path></Parallel><Path>", PathNumbers.Insert(Plain));
        Assert.Equal(Plain, PathNumbers.Remove(PathNumbers.Insert(Plain)));
    }

    [Fact]
    public void The_layout_knows_the_tokens_of_ordinals_and_nothing_else_of_it_changes()
    {
        int[] ids = [9, 3, 1, .. Soup.Numbers.Ids(1), 9, 2, 1, .. Soup.Numbers.Ids(2), 9, 2, 1, .. Soup.Numbers.Ids(4), 2, 4, 9];
        var (numbered, plain) = (TraceLayout.Read(ids, 1, Soup.Tags.WithNumbers(Soup.Numbers)), TraceLayout.Read(ids, 1, Soup.Tags));

        Assert.Equal([3, 4, 8, 9, 10], numbered.NumberTokens());
        Assert.Empty(plain.NumberTokens());
        Assert.Equal(plain.Positions.ToArray(), numbered.Positions.ToArray());
        Assert.Equal(plain.Segments, numbered.Segments);
        Assert.Equal(plain.Hidden(), numbered.Hidden());
    }
}
