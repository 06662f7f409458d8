using ParallelR1.Data;
using ParallelR1.IO;

namespace ParallelR1.Tests.Data;

public class ExampleSetsTests
{
    private const string Sample = "parallel-gsm8k-sample";

    [Fact]
    public void The_published_sample_gives_problems_without_their_prompt_and_responses_as_they_are()
    {
        var file = KnownFolders.Data.Select(folder => Path.Combine(folder, Sample + ".jsonl")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(file is null, $"no {Sample}.jsonl in a data folder");

        var rows = ExampleSets.Rows(Sample).ToList();
        var published = JsonLines.Read(file!).Select(line => line.Value).ToList();

        Assert.Equal(published.Count, rows.Count);
        Assert.All(rows.Zip(published), pair =>
        {
            var (row, source) = pair;
            Assert.EndsWith("\n\nProblem: " + row["problem"]!.GetValue<string>(), source["prompt"]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.DoesNotContain("<Parallel>", row["problem"]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.Equal(source["response"]!.GetValue<string>(), row["response"]!.GetValue<string>());
        });
    }

    [Theory]
    [InlineData("""{"problem":"1 + 1?","text":"Two. Final Answer: 2","answer":2}""")]
    [InlineData("""{"prompt":[{"role":"user","content":"Do so.\n\nProblem: 1 + 1?"}],"output":"Two. Final Answer: 2","reward_model":{"ground_truth":"2"}}""")]
    public void A_published_row_is_read_whatever_it_calls_its_fields(string row)
    {
        var example = ExampleSets.Example(JsonLines.Parse("rows", 1, row), "rows:1", "x");
        Assert.Equal("""{"id":"x","problem":"1 + 1?","response":"Two. Final Answer: 2","answer":"2"}""", example.ToJsonString(JsonLines.Options));
    }

    [Fact]
    public void Where_the_sample_is_absent_the_error_says_what_to_do()
    {
        Assert.SkipWhen(KnownFolders.Data.Any(folder => File.Exists(Path.Combine(folder, Sample + ".jsonl"))), "the sample is here");

        var error = Assert.Throws<UsageException>(() => ExampleSets.Rows(Sample));

        Assert.Contains("PARALLELR1_DATA", error.Message, StringComparison.Ordinal);
    }
}
