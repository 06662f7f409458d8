using System.Text.Json.Nodes;
using ParallelR1.Generation;
using ParallelR1.Models;
using ParallelR1.Thinking;

namespace ParallelR1.Tests.Parity;

/// <summary>Greedy continuations, plain and parallel, against transformers in float64.</summary>
public sealed class EngineParityTests
{
    [Fact]
    public void Plain_greedy_continuations_equal_the_reference() => ForEachModel((decoder, json, _, failures) =>
    {
        foreach (var wanted in json["greedy"]!.AsArray())
        {
            var request = new GenerationRequest(Ints(wanted!["prompt"]), RandomKey.FromSeed(1));
            var options = new GenerationOptions { Parallel = false, Temperature = 0, MaxTokens = wanted["max_new_tokens"]!.GetValue<int>() };
            var (_, result) = Assert.Single(new Engine(decoder, null).Generate([request], options));
            if (!result.Ids.SequenceEqual(Ints(wanted["ids"])))
                failures.Add($"greedy {string.Join(',', result.Ids)}, expected {wanted["ids"]!.ToJsonString()}");
        }
    });

    [Fact]
    public void Parallel_greedy_continuations_equal_the_reference() => ForEachModel((decoder, json, tags, failures) =>
    {
        foreach (var wanted in json["parallel_greedy"]!.AsArray())
        {
            var request = new GenerationRequest(Ints(wanted!["prompt"]), RandomKey.FromSeed(1)) { Lead = Ints(wanted["lead"]) };
            var expected = Ints(wanted["ids"]);
            var options = new GenerationOptions
            {
                Visibility = Enum.Parse<Visibility>(wanted["visibility"]!.GetValue<string>(), ignoreCase: true),
                Paths = wanted["paths"]!.GetValue<int>(),
                PathTokens = wanted["path_tokens"]!.GetValue<int>(),
                SummaryTokens = wanted["summary_tokens"]!.GetValue<int>(),
                MaxTokens = expected.Length,
                Blocks = 1,
                Temperature = 0,
            };
            var (_, result) = Assert.Single(new Engine(decoder, tags).Generate([request], options));
            var name = $"{wanted["visibility"]} {wanted["paths"]} paths";
            if (!result.Ids.SequenceEqual(expected))
                failures.Add($"{name}: {string.Join(',', result.Ids)}, expected {wanted["ids"]!.ToJsonString()}");
            else if (!result.Sampled.Select(s => s ? 1 : 0).SequenceEqual(Ints(wanted["sampled"])))
                failures.Add($"{name}: sampled differs");
            else
                failures.AddRange(LogProbs(result, wanted["logprobs"]!.AsArray()).Select(f => $"{name}: {f}"));
        }
    });

    private static IEnumerable<string> LogProbs(GenerationResult result, JsonArray expected)
    {
        for (var i = 0; i < result.Ids.Length; i++)
        {
            var wanted = expected[i]!.GetValue<double>();
            if (result.Sampled[i] && Math.Abs(result.LogProbs[i] - wanted) > 2e-5 * Math.Max(1, Math.Abs(wanted)))
                yield return $"log-probability {i} is {result.LogProbs[i]}, expected {wanted}";
        }
    }

    private static void ForEachModel(Action<Decoder, JsonNode, TagIds, List<string>> run)
    {
        var root = Fixtures.Folder("decoder");
        var tags = TagIds.FromFile(Path.Combine(root, "tags.json"));
        var failures = new List<string>();
        foreach (var file in Directory.EnumerateFiles(root, "generate.json", SearchOption.AllDirectories).Order())
        {
            using var decoder = DecoderFiles.Load(Path.Combine(Path.GetDirectoryName(file)!, "model"));
            var found = new List<string>();
            run(decoder, JsonNode.Parse(File.ReadAllText(file))!, tags, found);
            failures.AddRange(found.Select(f => $"{Path.GetRelativePath(root, file)}: {f}"));
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    private static int[] Ints(JsonNode? node) => [.. node!.AsArray().Select(x => x!.GetValue<int>())];
}
