using System.Text.Json.Nodes;
using ParallelR1.Generation;
using ParallelR1.IO;
using ParallelR1.Models;
using ParallelR1.Thinking;
using ParallelR1.Torch;
using ParallelR1.Training;

namespace ParallelR1.Tests.Parity;

/// <summary>A real model, converted from its GGUF file, against transformers in f32.</summary>
public sealed class RealModelParityTests : IClassFixture<RealModelParityTests.Converted>
{
    private const double Bar = 1e-3;
    private readonly Converted _converted;

    public RealModelParityTests(Converted converted) => _converted = converted;

    [Fact]
    public void Log_probabilities_equal_the_reference()
    {
        var file = Path.Combine(Fixtures.Folder("smollm2"), "logprobs.jsonl");
        var model = _converted.Model;
        var failures = new List<string>();
        foreach (var (_, line) in JsonLines.Read(file))
        {
            var expected = line["logprobs"]!.AsArray().Select(p => (float)p!).ToArray();
            var ids = Ints(line["ids"]);
            if (!model.Tokenizer.Encode((string)line["text"]!).Take(ids.Length).SequenceEqual(ids))
                failures.Add($"{line["id"]}: the text is tokenised otherwise");
            var actual = TraceScorer.LogProbs(model.Decoder, TraceRows.Plain(ids, (int)line["prompt_length"]!));
            var worst = expected.Length == actual.Length ? expected.Zip(actual, (a, b) => Math.Abs(a - b)).DefaultIfEmpty().Max() : double.PositiveInfinity;
            if (!(worst <= Bar))
                failures.Add($"{line["id"]}: off by {worst}");
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    [Fact]
    public void The_sure_part_of_greedy_continuations_is_equal()
    {
        var lines = JsonLines.Read(Path.Combine(Fixtures.Folder("smollm2"), "greedy.jsonl")).Select(l => l.Value).ToList();
        var requests = lines.ConvertAll(line => new GenerationRequest(Ints(line["prompt_ids"]), RandomKey.FromSeed(1)));
        var options = new GenerationOptions { Parallel = false, Temperature = 0, MaxTokens = 64 };
        var failures = new List<string>();
        foreach (var (index, result) in _converted.Model.CreateEngine().Generate(requests, options))
        {
            var (wanted, sure) = (Ints(lines[index]["ids"]), (int)lines[index]["sure_tokens"]!);
            if (!result.Ids.Take(sure).SequenceEqual(wanted.Take(sure)))
                failures.Add($"{lines[index]["id"]}: {string.Join(',', result.Ids)}, expected {string.Join(',', wanted)} ({sure} sure)");
            if (sure == wanted.Length && result.Ids.Length != wanted.Length)
                failures.Add($"{lines[index]["id"]}: {result.Ids.Length} tokens, expected {wanted.Length}");
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    private static int[] Ints(JsonNode? node) => [.. node!.AsArray().Select(x => (int)x!)];

    /// <summary>The model, converted once for all tests and only if one of them runs.</summary>
    public sealed class Converted : IDisposable
    {
        private TemporaryFolder? _folder;
        private LanguageModel? _model;

        public LanguageModel Model => _model ??= Load();

        public void Dispose()
        {
            _model?.Dispose();
            _folder?.Dispose();
        }

        private LanguageModel Load()
        {
            var file = Fixtures.ModelFile("SmolLM2-135M-Instruct.Q4_1.gguf");
            _folder = new TemporaryFolder();
            GgufConverter.Convert(file, _folder["model"], CheckpointDType.F32, CancellationToken.None);
            return LanguageModel.Load(_folder["model"], ScalarType.Float32);
        }
    }
}
