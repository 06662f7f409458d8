using ParallelR1.Tests.Data;

namespace ParallelR1.Tests.Cli;

public sealed class DataPrepareCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_set_of_which_nothing_is_kept_is_an_error_that_says_why_and_leaves_the_file_that_is_there()
    {
        var source = _folder.Write("in.jsonl", string.Join('\n', Row("1", "Solve:", "1"), Row("2", "What is x?", "1"), Row("3", "What is x?", "2")));
        var output = _folder.Write("out.jsonl", "what was there");

        var (status, said, error) = await ProgramProcess.RunAsync("", "data", "prepare", source, "--out", output);

        Assert.Equal(1, status);
        Assert.DoesNotContain("wrote", said, StringComparison.Ordinal);
        Assert.Contains($"none of the 3 rows of {source} was kept: conflicting_answers 2, cut_problem 1. ", error, StringComparison.Ordinal);
        Assert.EndsWith($"{output} is left as it was", error.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal("what was there", File.ReadAllText(output));
    }

    [Fact]
    public async Task A_set_of_bad_rows_alone_is_an_error_that_points_to_the_columns()
    {
        var source = _folder.Write("in.jsonl", """{"task": "1 + 1", "result": "2"}""");

        var (status, _, error) = await ProgramProcess.RunAsync("", "data", "prepare", source, "--out", _folder["out.jsonl"], "--skip-bad");

        Assert.Equal(1, status);
        Assert.Contains("was kept: bad_row 1. ", error, StringComparison.Ordinal);
        Assert.Contains("--map names the right columns", error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["out.jsonl"]));
    }

    private static string Row(string id, string problem, string answer) => $$"""{"id": "{{id}}", "problem": "{{problem}}", "answer": "{{answer}}"}""";
}
