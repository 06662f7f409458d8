using System.Text.Json.Nodes;
using ParallelR1.Cli;

namespace ParallelR1.Tests.Cli;

public sealed class CompareCommandTests(CommandFolder folder) : IClassFixture<CommandFolder>
{
    [Fact]
    public async Task Comparison_table_and_picture_are_written()
    {
        var output = folder["compared"];

        Assert.Equal(0, await RunAsync("--cap", "20", "--caps", "16", "--samples", "2", "--curve-samples", "1", "--timed-problems", "1", "--rounds", "1", "--paths", "2", "--out", output));

        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(output, "comparison.json")))!;
        Assert.Equal(4, json["findings"]!.AsArray().Count);
        Assert.All(json["findings"]!.AsArray(), f => Assert.StartsWith("parallel-r1 compare --parallel ", (string)f!["command"]!, StringComparison.Ordinal));
        Assert.All(json["comparisons"]!.AsArray(), c => Assert.Equal("problems", (string)c!["suite"]!));
        Assert.Contains("| claim | verdict |", File.ReadAllText(Path.Combine(output, "comparison.md")), StringComparison.Ordinal);
        Assert.StartsWith("<svg", File.ReadAllText(Path.Combine(output, "curve.svg")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_arguments_end_with_status_2()
    {
        foreach (var wrong in new string[][] { ["--cap", "3"], ["--cap", "20", "--caps", "16,x"], ["--cap", "20", "--samples", "0"], ["--cap", "20", "--paths", "1"], ["--cap", "20", "--blocks", "0"], ["--cap", "20", "--summary-tokens", "-1"], ["--cap", "20", "--base", folder["absent"]], ["--cap", "20", "--sft", folder["model"], folder["model"]] })
            Assert.Equal(2, await RunAsync([.. wrong, "--out", folder["wrong"]]));
    }

    private Task<int> RunAsync(params string[] more)
    {
        File.WriteAllText(folder["problems.jsonl"], """{"id": "p", "problem": "What is 1 + 1?", "answer": "2", "source": "test", "split": "test"}""");
        return CommandLineApp.RunAsync(["compare", "--parallel", folder["model"], "--control", folder["model"], "--suite", folder["problems.jsonl"], "--dtype", "f32", "--quiet", .. more]);
    }
}
