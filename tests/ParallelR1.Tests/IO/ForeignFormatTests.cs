using System.Text;
using ParallelR1.IO;

namespace ParallelR1.Tests.IO;

public sealed class ForeignFormatTests
{
    [Theory]
    [InlineData("a.csv", "problem,answer", "CSV")]
    [InlineData("a.csv", "problem", "CSV")]
    [InlineData("a.txt", "1,\"two, three\"", "CSV")]
    [InlineData("a.tsv", "problem\tanswer", "TSV")]
    [InlineData("a.json", "[", "one JSON list")]
    [InlineData("a.json", "[{\"a\": 1}]", "one JSON list")]
    [InlineData("a.json", "{", "jq -c . a.json > a.jsonl")]
    [InlineData("a.xlsx", "PK\u0003\u0004", "spreadsheet")]
    public void A_file_that_is_no_JSON_Lines_is_called_what_it_is(string path, string first, string expected) =>
        Assert.Contains(expected, Assert.Throws<InputException>(() => JsonLines.Parse(path, 1, Encoding.UTF8.GetBytes(first))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_compressed_file_is_called_that() =>
        Assert.Contains("gzip -dc a.jsonl.gz > a.jsonl", Assert.Throws<InputException>(() => JsonLines.Parse("a.jsonl.gz", 1, [0x1f, 0x8b, 8, 0])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(2, "a,b")]
    [InlineData(1, "{\"a\": 1,}")]
    public void Damage_is_not_taken_for_another_format(int line, string text) =>
        Assert.DoesNotContain("looks like", Assert.Throws<InputException>(() => JsonLines.Parse("a.jsonl", line, text)).Message, StringComparison.Ordinal);
}
