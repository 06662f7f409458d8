using ParallelR1.Cli;
using ParallelR1.Tests.Tokenization;
using static ParallelR1.Tests.Cli.CommandFolder;

namespace ParallelR1.Tests.Cli;

public sealed class ScoreCommandTests(CommandFolder folder) : IClassFixture<CommandFolder>
{
    private static readonly string s_trace = string.Join(',', TinyTokenizer.Instance.Encode("12 <Parallel><Path>a</Path><Path>apples</Path></Parallel>\n<Summary>b</Summary> 42"));

    [Fact]
    public async Task Lines_come_out_as_promised()
    {
        var (status, lines) = await folder.RunLinesAsync("score", $$"""
            {"id": "a", "ids": [{{s_trace}}], "prompt_length": 1}
            {"ids": [5], "prompt_length": 1}
            {"id": [1], "ids": [], "prompt_length": 0}
            """);
        Assert.Equal(0, status);
        Assert.All(lines!, line => Assert.Equal(["id", "logprobs"], line.Select(p => p.Key)));
        Assert.Equal(s_trace.Split(',').Length - 1, Floats(lines![0]["logprobs"]).Length);
        Assert.All(Floats(lines[0]["logprobs"]), p => Assert.True(p < 0));
        Assert.Empty(Floats(lines[1]["logprobs"]));
        Assert.Empty(Floats(lines[2]["logprobs"]));
    }

    [Fact]
    public async Task Unseen_is_the_default_where_the_tags_are_known_else_plain()
    {
        var line = $$"""{"id": "a", "ids": [{{s_trace}}], "prompt_length": 1}""";
        RandomModelFolder.Write(folder["bare"], tokenizer: false);
        var tags = RandomModelFolder.WriteTags(folder["tags.json"]);
        var unseen = await ScoreAsync(line, "--visibility", "unseen");
        var seen = await ScoreAsync(line, "--visibility", "seen");
        var plain = await ScoreAsync(line, "--visibility", "plain");
        Assert.Equal(unseen, await ScoreAsync(line));
        Assert.Equal(plain, await ScoreAsync(line, "--model", folder["bare"]));
        Assert.Equal(unseen, await ScoreAsync(line, "--model", folder["bare"], "--tags", tags));
        Assert.NotEqual(unseen, plain);
        Assert.NotEqual(unseen, seen);
        Assert.NotEqual(seen, plain);
        Assert.Equal(2, (await folder.RunLinesAsync("score", line, "--model", folder["bare"], "--visibility", "unseen")).Status);
        Assert.Equal(2, (await folder.RunLinesAsync("score", line, "--dtype", "f7")).Status);
    }

    [Fact]
    public async Task Bf16_is_close_to_f32()
    {
        var line = $$"""{"id": "a", "ids": [{{s_trace}}], "prompt_length": 1}""";
        var (single, half) = (await ScoreAsync(line), await ScoreAsync(line, "--dtype", "bf16"));
        Assert.All(single.Zip(half), p => Assert.InRange(p.Second - p.First, -0.3, 0.3));
        Assert.NotEqual(single, half);
    }

    [Theory]
    [InlineData("""{"id": 1}""")]
    [InlineData("""{"id": 1, "ids": [1, 2]}""")]
    [InlineData("""{"id": 1, "ids": [1, 2], "prompt_length": 3}""")]
    [InlineData("""{"id": 1, "ids": [1, 99999], "prompt_length": 1}""")]
    [InlineData("""{"id": 1, "ids": [1, -2], "prompt_length": 1}""")]
    [InlineData("""{"id": 1, "ids": ["a"], "prompt_length": 1}""")]
    [InlineData("[]")]
    public async Task A_bad_line_is_an_error_or_passed_over_on_request(string line)
    {
        var input = $$"""{{line}}{{"\n"}}{"id": 0, "ids": [30, 31], "prompt_length": 1}""";
        Assert.Equal((1, null), await folder.RunLinesAsync("score", input));
        var (status, lines) = await folder.RunLinesAsync("score", input, "--skip-bad");
        Assert.Equal(0, status);
        Assert.Single(lines!);
    }

    [Fact]
    public async Task Tokens_beyond_the_context_are_a_bad_line() =>
        Assert.Equal(1, (await folder.RunLinesAsync("score", $$"""{"id": 1, "ids": [{{string.Join(',', Enumerable.Repeat(30, RandomModelFolder.Context + 1))}}], "prompt_length": 1}""")).Status);

    [Fact]
    public async Task Logits_that_are_no_use_are_an_error_of_every_command_and_leave_no_file()
    {
        DamagedModelFolder.Write(folder["damaged"], scale: 1e30f);
        var line = $$"""{"id": "a", "ids": [{{s_trace}}], "prompt_length": 1}""";

        Assert.Equal((1, null), await folder.RunLinesAsync("score", line, "--model", folder["damaged"]));
        Assert.Equal((1, null), await folder.RunLinesAsync("generate", """{"id": "a", "prompt": "12 apples"}""", "--model", folder["damaged"], "--quiet"));
        Assert.Equal(1, await CommandLineApp.RunAsync(["generate", "--model", folder["damaged"], "--prompt", "12 apples", "--quiet"]));
        File.WriteAllText(folder["one.jsonl"], """{"problem": "1+1", "answer": "2"}""");
        Assert.Equal(1, await CommandLineApp.RunAsync(["eval", "--model", folder["damaged"], "--suite", folder["one.jsonl"], "--out", folder["damaged-out"], "--quiet"]));
        Assert.Empty(Directory.GetFiles(folder["damaged-out"]));
    }

    private async Task<float[]> ScoreAsync(string line, params string[] more)
    {
        var (status, lines) = await folder.RunLinesAsync("score", line, more);
        Assert.Equal(0, status);
        return Floats(Assert.Single(lines!)["logprobs"]);
    }
}
