using ParallelR1.Thinking;

namespace ParallelR1.Tests.Thinking;

public sealed class TagIdsTests
{
    [Fact]
    public void Equal_ids_are_refused()
    {
        var error = Assert.Throws<InputException>(() => new TagIds([1, 2, 3, 4, 5, 3]));

        Assert.Contains("<Parallel> and </Summary> have the same id 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vocabulary_without_the_tags_is_refused_with_what_to_do()
    {
        var error = Assert.Throws<InputException>(() => TagIds.Resolve(text => text == "<Path>" ? 7 : null));

        Assert.StartsWith("</Path>, <Parallel>", error.Message, StringComparison.Ordinal);
        Assert.Contains("init-tags", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { 10, 11, 12, 13, 14, 15 })]
    [InlineData(new[] { 0, 2_000_000_000, 5, 3, 77, 1 })]
    public void Only_the_six_ids_are_tags(int[] ids)
    {
        var tags = new TagIds(ids);

        for (var i = 0; i < ids.Length; i++)
            Assert.True(tags.TryGet(ids[i], out var tag) && tag == (ThinkingTag)i);
        Assert.All(new[] { -1, 4, 9, 16, int.MaxValue, int.MinValue }, id => Assert.False(tags.TryGet(id, out _)));
    }

    [Theory]
    [InlineData("[1]", "expected a JSON object")]
    [InlineData("{\"<Path>\": 1}", "missing")]
    [InlineData("{", "not valid JSON")]
    [InlineData("{\"<Path>\": \"1\", \"</Path>\": 2, \"<Parallel>\": 3, \"</Parallel>\": 4, \"<Summary>\": 5, \"</Summary>\": 6}", "expected an integer")]
    public void Damaged_files_are_refused(string json, string message)
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, json);

        var error = Assert.Throws<InputException>(() => TagIds.FromFile(file));

        Assert.StartsWith(file, error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        File.Delete(file);
    }
}
