using System.Text;
using ParallelR1.IO;

namespace ParallelR1.Tests.IO;

public sealed class JsonLinesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lines_keep_their_numbers_whatever_ends_them()
    {
        var lines = Read("\uFEFF{\"a\":1}\r\n\n  \t\n{\"a\":2}\n{\"a\":3}");
        Assert.Equal([(1, 1), (4, 2), (5, 3)], lines);
        Assert.Empty(Read(""));
        Assert.Empty(Read("\n\n"));
    }

    [Fact]
    public void Lines_longer_than_any_buffer_are_read_whole()
    {
        var text = string.Join('\n', Enumerable.Range(0, 40).Select(i => $"{{\"a\":{i},\"b\":\"{new string('x', i * 9973)}\"}}"));
        Assert.Equal(Enumerable.Range(0, 40).Select(i => (i + 1, i)), Read(text));
    }

    [Theory]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("{\"b\":{\"a\":1,\"a\":2}}")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    [InlineData("{\"\\udc00\":1}")]
    [InlineData("[1]")]
    [InlineData("null")]
    [InlineData("{\"a\":1} {}")]
    [InlineData("{\"a\":NaN}")]
    public void What_is_no_sound_object_is_named_by_file_and_line(string line)
    {
        var error = Assert.Throws<InputException>(() => Read($"{{\"a\":1}}\n{line}"));
        Assert.Contains("x.jsonl:2: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_an_error_of_their_line()
    {
        var path = _folder["x.jsonl"];
        File.WriteAllBytes(path, [.. "{\"a\":1}\n{\"a\":\""u8, 0xff, .. "\"}\n"u8]);
        var error = Assert.Throws<InputException>(() => JsonLines.Read(path).Count());
        Assert.Contains("x.jsonl:2: not UTF-8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_beyond_reason_is_an_error() =>
        Assert.Throws<InputException>(() => Read($"{{\"a\":{new string('[', 100_000)}"));

    private (int, int)[] Read(string text)
    {
        var path = _folder["x.jsonl"];
        File.WriteAllBytes(path, Encoding.UTF8.GetBytes(text));
        return [.. JsonLines.Read(path).Select(l => (l.Line, (int)l.Value["a"]!))];
    }
}
