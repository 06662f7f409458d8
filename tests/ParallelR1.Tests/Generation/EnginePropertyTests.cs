using ParallelR1.Data.Synthetic;
using ParallelR1.Generation;
using ParallelR1.Models;
using ParallelR1.Tests.Thinking;
using ParallelR1.Thinking;
using ParallelR1.Training;

namespace ParallelR1.Tests.Generation;

/// <summary>Random models, options, prompts and leads; seeded, so that a failure comes again.</summary>
public sealed class EnginePropertyTests
{
    internal const int Eos = 8;
    private const int Vocabulary = 40;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 48)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Whatever_is_asked_scores_budgets_bans_and_structure_hold(int seed)
    {
        var draws = new Draws(RandomKey.FromSeed(seed));
        using var decoder = DecoderFiles.Create(Config(draws), RandomKey.FromSeed(seed));
        var options = Options(draws);
        var requests = Enumerable.Range(0, 8).Select(i => Request(draws, i)).ToArray();
        var results = new GenerationResult[requests.Length];
        using var engine = new Engine(decoder, Soup.Tags, [Eos], numbers: Soup.Numbers);
        foreach (var (index, result) in engine.Generate(requests, options))
            results[index] = result;

        for (var i = 0; i < requests.Length; i++)
            Check(decoder, requests[i], results[i], options, $"seed {seed}, request {i}, lead [{string.Join(' ', requests[i].Lead)}], {options}");
        var alone = Assert.Single(engine.Generate([requests[3]], options)).Result;
        Assert.Equal(alone.Ids, results[3].Ids);
    }

    private static void Check(Decoder decoder, GenerationRequest request, GenerationResult result, GenerationOptions options, string where)
    {
        var (lead, ids) = (request.Lead, result.Ids);
        Assert.True(ids.AsSpan().StartsWith(lead), where);
        Assert.DoesNotContain(true, result.Sampled[..lead.Length]);
        Assert.True(ids.Length <= Math.Max(options.MaxTokens, lead.Length), $"{ids.Length} tokens: {where}");
        Assert.Equal(result.Finish == FinishReason.Eos, ids is [.., Eos] && result.Sampled[^1]);
        // Short only where what the lead left open could not have been closed.
        int[] all = [.. result.Prompt, .. ids];
        var tags = Soup.Tags.WithNumbers(options.NumberPaths ? Soup.Numbers : null);
        var layout = TraceLayout.Read(all, result.Prompt.Length, tags);
        var cap = options.CriticalTokens == 0 ? int.MaxValue : options.CriticalTokens;
        Assert.True(layout.CriticalPathLength <= cap || ids.Length == lead.Length, $"{layout.CriticalPathLength} tokens on the critical path: {where}");
        Assert.True(result.Finish == FinishReason.Eos || ids.Length == options.MaxTokens || layout.CriticalPathLength == cap || ids.Length == lead.Length, where);
        Assert.True(result.CriticalCapHit || ids.Length == lead.Length || layout.CriticalPathLength < cap || ids.Length == options.MaxTokens || result.Finish == FinishReason.Eos, where);

        var trace = options.Visibility == Visibility.Seen ? TraceRows.Seen(all, result.Prompt.Length, Soup.Tags) : TraceRows.Unseen(all, result.Prompt.Length, Soup.Tags);
        var scored = TraceScorer.LogProbs(decoder, trace).AsSpan(result.Prompt.Length - 1);
        var sampledText = new Dictionary<(SegmentKind, int, int), int>();
        for (var i = 0; i < ids.Length; i++)
        {
            Assert.True(Math.Abs(result.LogProbs[i] - scored[i]) <= 2e-5 * Math.Max(1, Math.Abs(scored[i])), $"token {i}: {result.LogProbs[i]}, scored {scored[i]}: {where}");
            if (!result.Sampled[i])
                continue;
            Assert.DoesNotContain(result.Prompt.Length + i, layout.NumberTokens().Where(token => token < result.Prompt.Length + i + 1));
            var segment = layout.Segments[layout.SegmentAt(result.Prompt.Length + i)];
            var only = segment.Kind switch { SegmentKind.Path => ThinkingTag.PathClose, SegmentKind.Summary => ThinkingTag.SummaryClose, _ => ThinkingTag.ParallelOpen };
            Assert.True(!Soup.Tags.TryGet(ids[i], out var tag) || tag == only, $"{tag} sampled at {i} in {segment.Kind}: {where}");
            Assert.True(ids[i] != Eos || segment.Kind == SegmentKind.Main, $"end of text in {segment.Kind}: {where}");
            if (ids[i] != Soup.Tags[only])
                sampledText[(segment.Kind, segment.Block, segment.Path)] = sampledText.GetValueOrDefault((segment.Kind, segment.Block, segment.Path)) + 1;
        }

        foreach (var ((kind, _, _), count) in sampledText)
        {
            var budget = kind switch { SegmentKind.Path => options.PathTokens, SegmentKind.Summary => options.SummaryTokens, _ => 0 };
            Assert.True(budget == 0 || count <= budget, $"{count} tokens sampled in a {kind}: {where}");
        }

        var blocks = layout.Blocks.Where(block => block.Paths.Count > 0).ToList();
        Assert.Equal(blocks.Count, result.Blocks);
        foreach (var block in blocks.Where(block => block.ParallelIndex >= result.Prompt.Length + lead.Length))
        {
            Assert.True(block.Paths.Count == options.Paths && block.Paths.All(path => path.Closed), where);
            Assert.True(!options.NumberPaths || block.Paths.All(path => path.NumberTokens > 0), where);
            Assert.True(block.SummaryStart >= 0 && block.Index < options.Blocks, where);
        }
    }

    internal static GenerationRequest Request(Draws draws, int index)
    {
        int[][] pieces = [[3, 1], [2, 1], [2, 4], [2, 4, 7, 5], [6], [3], [1], [2], [4], [5], [9], [9, 10], [3, 1, 9, 2, 1, 9, 10, 2, 4, 5, 9, 6]];
        int[] lead = index % 4 == 0 ? [] : [.. Enumerable.Range(0, draws.Between(0, 5)).SelectMany(_ => draws.Pick(pieces))];
        int[] prompt = [.. Enumerable.Range(0, draws.Between(1, 5)).Select(_ => draws.Between(0, Vocabulary - 1))];
        return new GenerationRequest(prompt, RandomKey.FromSeed(7).Fold(index)) { Lead = lead };
    }

    internal static GenerationOptions Options(Draws draws) => new()
    {
        Visibility = Pick(draws, Visibility.Seen, Visibility.Unseen),
        Paths = Pick(draws, 1, 2, 3, 8),
        Blocks = Pick(draws, 0, 1, 2, 5),
        MaxTokens = Pick(draws, 1, 2, 7, 12, 25, 60),
        CriticalTokens = Pick(draws, 0, 0, 3, 11, 18, 40),
        NumberPaths = Pick(draws, false, true),
        PathTokens = Pick(draws, 0, 0, 1, 4),
        SummaryTokens = Pick(draws, 0, 0, 1, 3),
        Temperature = Pick(draws, 0, 1, 2.5),
        TopP = Pick(draws, 1, 0.8),
        TopK = Pick(draws, 0, 1, 10, 100),
    };

    internal static ModelConfig Config(Draws draws)
    {
        var family = Pick(draws, ModelArchitecture.Qwen3, ModelArchitecture.Qwen2, ModelArchitecture.Llama);
        var keyValueHeads = Pick(draws, 1, 2);
        var headDim = Pick(draws, 4, 12);
        var rope = new RopeConfig(10000, headDim);
        return new ModelConfig
        {
            Architecture = family,
            VocabSize = Vocabulary,
            HiddenSize = 24,
            IntermediateSize = 40,
            Layers = 2,
            Heads = keyValueHeads * Pick(draws, 1, 3),
            KeyValueHeads = keyValueHeads,
            HeadDim = headDim,
            QueryKeyNorm = family == ModelArchitecture.Qwen3,
            QueryKeyValueBias = family == ModelArchitecture.Qwen2,
            TieWordEmbeddings = Pick(draws, true, false),
            MaxPositions = 512,
            Rope = Pick(
                draws,
                rope,
                rope with { Type = RopeType.Linear, Factor = 2 },
                rope with { Type = RopeType.Llama3, Factor = 8, OriginalMaxPositions = 32 },
                rope with { Type = RopeType.Yarn, Factor = 4, OriginalMaxPositions = 32 }),
            InitializerRange = 0.25,
        };
    }

    private static T Pick<T>(Draws draws, params T[] values) => draws.Pick(values);
}
