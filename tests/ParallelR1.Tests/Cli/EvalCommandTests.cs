using System.Text.Json.Nodes;
using ParallelR1.Cli;
using ParallelR1.IO;

namespace ParallelR1.Tests.Cli;

public sealed class EvalCommandTests : IClassFixture<CommandFolder>
{
    private static readonly string[] s_small = ["--max-tokens", "20", "--path-tokens", "3", "--summary-tokens", "2", "--quiet"];
    private readonly CommandFolder _folder;

    public EvalCommandTests(CommandFolder folder)
    {
        _folder = folder;
        File.WriteAllText(folder["problems.jsonl"], string.Join('\n', Enumerable.Range(0, 4).Select(i =>
            $$"""{"id": "p{{i}}", "problem": "What is {{i}} + 1?", "answer": "{{i + 1}}", "source": "test", "split": "test"}""")));
    }

    [Theory]
    [InlineData("parallel")]
    [InlineData("plain")]
    public async Task A_summary_and_the_responses_are_written(string engine)
    {
        var output = _folder[$"out-{engine}"];
        Assert.Equal(0, await RunAsync(["--samples", "2", "--limit", "3", "--engine", engine, "--out", output, .. s_small]));
        var row = JsonNode.Parse(File.ReadAllText(Path.Combine(output, "summary.json")))!["rows"]![0]!;
        Assert.Equal(Path.GetFileName(Path.GetDirectoryName(_folder["model"])), (string)row["name"]!);
        Assert.Equal("semantic", (string)row["grader"]!);
        Assert.Null(row["recipe"]);
        Assert.Equal([1], row["seeds"]!.AsArray().Select(s => (int)s!));
        var suite = row["suites"]!["problems"]!;
        Assert.Equal(3, (int)suite["problems"]!);
        Assert.Equal(2, (int)suite["samples"]!);
        var responses = JsonLines.Read(Path.Combine(output, "responses.jsonl")).Select(l => l.Value).ToList();
        Assert.Equal(["p0", "p0", "p1", "p1", "p2", "p2"], responses.Select(r => (string)r["id"]!));
        Assert.Equal((long)row["tokens_total"]!, responses.Sum(r => (long)r["tokens"]!));
        Assert.True((double)row["acceleration"]! >= 1);
    }

    [Fact]
    public async Task Several_suites_make_one_row_and_a_file_each()
    {
        File.Copy(_folder["problems.jsonl"], _folder["others.jsonl"], overwrite: true);
        var output = _folder["out-two"];

        Assert.Equal(0, await RunAsync(["--suite", _folder["problems.jsonl"], "--suite", _folder["others.jsonl"], "--limit", "1", "--out", output, .. s_small]));

        var row = Assert.Single(JsonNode.Parse(File.ReadAllText(Path.Combine(output, "summary.json")))!["rows"]!.AsArray())!;
        Assert.Equal(["problems", "others"], row["suites"]!.AsObject().Select(s => s.Key));
        Assert.True(File.Exists(Path.Combine(output, "responses-problems.jsonl")));
        Assert.True(File.Exists(Path.Combine(output, "responses-others.jsonl")));
    }

    [Fact]
    public async Task Two_suites_of_one_name_are_refused()
    {
        Directory.CreateDirectory(_folder["elsewhere"]);
        File.Copy(_folder["problems.jsonl"], _folder["elsewhere/problems.jsonl"], overwrite: true);

        Assert.Equal(2, await RunAsync(["--suite", _folder["problems.jsonl"], "--suite", _folder["elsewhere/problems.jsonl"], .. s_small]));
    }

    [Fact]
    public async Task An_evaluation_is_not_written_over()
    {
        Directory.CreateDirectory(_folder["done"]);
        File.WriteAllText(_folder["done/summary.json"], "hours of work");

        Assert.Equal(2, await RunAsync(["--limit", "1", "--out", _folder["done"], .. s_small]));
        Assert.Equal("hours of work", File.ReadAllText(_folder["done/summary.json"]));
    }

    [Fact]
    public async Task Columns_are_mapped()
    {
        File.WriteAllText(_folder["mapped.jsonl"], """{"task": {"text": "What is 1 + 1?"}, "gold": 2}""");

        Assert.Equal(0, await CommandLineApp.RunAsync(["eval", "--model", _folder["model"], "--suite", _folder["mapped.jsonl"], "--map", "problem=task.text", "--map", "answer=gold", .. s_small]));
    }

    [Fact]
    public async Task Wrong_arguments_end_with_status_2()
    {
        foreach (var wrong in new string[][]
        {
            ["--samples", "0"], ["--limit", "0"], ["--grader", "kind"], ["--suite", "absent"], ["--temperature", "x"], ["--prompt-template", "absent"],
        })
        {
            Assert.Equal(2, await RunAsync([.. wrong, .. s_small]));
        }

        Assert.Equal(2, await CommandLineApp.RunAsync(["eval", "--model", _folder["absent"], "--suite", _folder["problems.jsonl"]]));
        RandomModelFolder.Write(_folder["bare"], tokenizer: false);
        Assert.Equal(2, await CommandLineApp.RunAsync(["eval", "--model", _folder["bare"], "--suite", _folder["problems.jsonl"]]));
    }

    [Fact]
    public async Task A_damaged_suite_is_an_error()
    {
        File.WriteAllText(_folder["damaged.jsonl"], "{\"id\": \n");
        Assert.Equal(1, await RunAsync(["--suite", _folder["damaged.jsonl"], .. s_small]));
    }

    private Task<int> RunAsync(string[] more)
    {
        string[] suite = more.Contains("--suite") ? [] : ["--suite", _folder["problems.jsonl"]];
        return CommandLineApp.RunAsync(["eval", "--model", _folder["model"], .. suite, .. more]);
    }
}
