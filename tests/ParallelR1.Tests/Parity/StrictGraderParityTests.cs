using System.Text.Json.Nodes;
using ParallelR1.Grading;
using ParallelR1.IO;

namespace ParallelR1.Tests.Parity;

public class StrictGraderParityTests
{
    [Theory]
    [InlineData("strict", true, "strict")]
    [InlineData("strict", false, "strict_tags_removed")]
    [InlineData("strict-gsm8k", true, "strict_gsm8k")]
    public void Every_pair_gets_the_published_verdict(string grader, bool raw, string field)
    {
        var judge = Graders.ByName(grader, raw);
        foreach (var pair in Lines("grading", "pairs.jsonl"))
        {
            var correct = judge.Grade(Text(pair, "response")!, Text(pair, "answer")!).IsCorrect;
            Assert.True((bool)pair[field]! == correct, $"{pair["id"]}: {field} is {pair[field]}, found {correct}");
        }
    }

    [Fact]
    public void Every_extraction_is_the_published_one()
    {
        foreach (var line in Lines("grading", "extraction.jsonl"))
        {
            var response = Text(line, "response")!;
            Equal(line, "strict_pred", new StrictMathGrader().Grade(response, "").Extracted ?? "[INVALID]");
            Equal(line, "gsm8k_pred", new StrictGsm8kGrader().Grade(response, "").Extracted);
        }
    }

    [Fact]
    public void Every_normalisation_is_the_published_one()
    {
        foreach (var line in Lines("rewards", "normalize.jsonl"))
            Equal(line, "expected", StrictMathGrader.Normalize(Text(line, "text")!));
    }

    private static void Equal(JsonObject line, string field, string? found) =>
        Assert.True(Text(line, field) == found, $"{line["id"]}: {field} is '{line[field]}', found '{found}'");

    private static string? Text(JsonObject line, string field) => (string?)line[field];

    private static IEnumerable<JsonObject> Lines(string folder, string file) =>
        JsonLines.Read(Path.Combine(Fixtures.Folder(folder), file)).Select(l => l.Value);
}
