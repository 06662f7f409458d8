using System.Text.Json.Nodes;
using ParallelR1.Cli;
using ParallelR1.IO;

namespace ParallelR1.Tests.Tokenization;

public sealed class TokenizeCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tokenize");

    public TokenizeCommandTests() => TinyTokenizer.Instance.Save(Path.Combine(_folder.FullName, "model"));

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Texts_ids_and_chats_become_the_lines_that_are_promised()
    {
        var lines = await RunAsync(
            """
            {"id": "a", "text": "<Path>12 apples"}
            {"id": 7, "ids": [0, 1, 99999]}
            {"id": "c", "messages": [{"role": "user", "content": "Hi"}], "add_generation_prompt": true}
            """);
        var ids = TinyTokenizer.Instance.Encode("<Path>12 apples");
        Assert.Equal(["id", "ids", "text", "text_without_specials"], lines[0].Select(p => p.Key));
        Assert.Equal(ids, lines[0]["ids"]!.AsArray().Select(i => (int)i!));
        Assert.Equal("12 apples", (string)lines[0]["text_without_specials"]!);
        Assert.Equal(["id", "text", "text_without_specials"], lines[1].Select(p => p.Key));
        Assert.Equal(7, (int)lines[1]["id"]!);
        Assert.Equal("<|endoftext|>!", (string)lines[1]["text"]!);
        Assert.Equal("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n", (string)lines[2]["text"]!);
    }

    [Fact]
    public async Task A_named_template_replaces_the_folders()
    {
        var lines = await RunAsync(
            """{"id": "c", "messages": [{"role": "user", "content": "Hi"}], "add_generation_prompt": true}""",
            "--template", "qwen3", "--no-thinking");
        Assert.EndsWith("<|im_start|>assistant\n<think>\n\n</think>\n\n", (string)lines[0]["text"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"id": 1}""")]
    [InlineData("""{"id": 1, "text": 5}""")]
    [InlineData("""{"id": 1, "text": "a", "ids": []}""")]
    [InlineData("""{"id": 1, "text": "\ud800"}""")]
    [InlineData("""{"id": 1, "ids": [1.5]}""")]
    [InlineData("""{"id": 1, "ids": [99999999999]}""")]
    [InlineData("""{"id": 1, "ids": 5}""")]
    [InlineData("""{"id": 1, "messages": []}""")]
    [InlineData("""{"id": 1, "messages": [{"role": "user"}]}""")]
    [InlineData("""{"id": 1, "messages": [5]}""")]
    [InlineData("""{"id": 1, "text": "a", "text": "b"}""")]
    [InlineData("5")]
    public async Task Bad_lines_are_an_error_or_passed_over_on_request(string line)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "in.jsonl"), line + "\n");
        Assert.Equal(1, await CommandLineApp.RunAsync(Arguments()));
        Assert.False(File.Exists(Path.Combine(_folder.FullName, "out.jsonl")));
        Assert.Equal(0, await CommandLineApp.RunAsync(Arguments("--skip-bad")));
    }

    [Fact]
    public async Task An_unknown_template_or_model_is_wrong_usage()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "in.jsonl"), "");
        Assert.Equal(2, await CommandLineApp.RunAsync(Arguments("--template", "chameleon")));
        Directory.Delete(Path.Combine(_folder.FullName, "model"), recursive: true);
        Assert.Equal(2, await CommandLineApp.RunAsync(Arguments()));
    }

    private async Task<List<JsonObject>> RunAsync(string input, params string[] more)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "in.jsonl"), input);
        Assert.Equal(0, await CommandLineApp.RunAsync(Arguments(more)));
        return [.. JsonLines.Read(Path.Combine(_folder.FullName, "out.jsonl")).Select(l => l.Value)];
    }

    private string[] Arguments(params string[] more) =>
    [
        "tokenize", "--model", Path.Combine(_folder.FullName, "model"),
        "--input", Path.Combine(_folder.FullName, "in.jsonl"), "--output", Path.Combine(_folder.FullName, "out.jsonl"), .. more,
    ];
}
