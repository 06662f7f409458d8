using ParallelR1.Models;
using ParallelR1.Tests.Data;

namespace ParallelR1.Tests.Cli;

/// <summary>A model with a row that is not finite, which belongs to a token that may never come up, is refused by whatever reads it.</summary>
public sealed class NotFiniteModelTests : IDisposable
{
    private const string Embedding = "model.embed_tokens.weight";

    private readonly TemporaryFolder _folder = new();

    public NotFiniteModelTests()
    {
        using var decoder = DecoderFiles.Load(RandomModelFolder.Write(_folder["model"]));
        decoder.Parameters[Embedding].Span<float>()[^decoder.Config.HiddenSize..].Fill(float.NaN);
        decoder.Save(_folder["model"]);
        _folder.Write("problems.jsonl", """{"problem": "1 + 1", "answer": "2", "response": "2\n\nFinal Answer: 2"}""");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task Eval_names_file_and_tensor() => RefusesAsync("eval", "--model", _folder["model"], "--suite", _folder["problems.jsonl"]);

    [Fact]
    public Task Generate_names_file_and_tensor() => RefusesAsync("generate", "--model", _folder["model"], "--prompt", "1 + 1");

    [Fact]
    public Task Score_names_file_and_tensor_without_a_tokenizer_too()
    {
        File.Delete(Path.Combine(_folder["model"], "tokenizer.json"));
        return RefusesAsync("score", "--model", _folder["model"], "--input", _folder["problems.jsonl"]);
    }

    [Theory]
    [InlineData("sft", "mini/sft")]
    [InlineData("rl", "mini/rl-s2")]
    public Task Training_names_file_and_tensor(string stage, string recipe) => RefusesAsync(
        stage, recipe, "--set", $"model.from={_folder["model"]}", "--set", $"data.train={_folder["problems.jsonl"]}", "--dtype", "f32", "--out", _folder["run"]);

    private async Task RefusesAsync(params string[] command)
    {
        var (status, _, error) = await ProgramProcess.RunAsync("", command);

        Assert.Equal(1, status);
        Assert.Contains($"{Path.Combine(_folder["model"], "model.safetensors")}: {Embedding} holds values that are not finite", error.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }
}
