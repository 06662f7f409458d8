using ParallelR1.Generation;
using ParallelR1.Models;
using ParallelR1.Thinking;
using ParallelR1.Training;
using ParallelR1.Training.Policy;

namespace ParallelR1.Tests.Generation;

public sealed class EngineTests : IDisposable
{
    private const int Eos = 0;
    private static readonly TagIds s_tags = new([1, 2, 3, 4, 5, 6], newline: 7, eos: Eos);

    // A head that favours tags, so that random weights open and close blocks.
    private readonly Decoder _decoder = RandomDecoder.Create(40);

    private readonly Engine _engine;

    public EngineTests() => _engine = new Engine(_decoder, s_tags, [Eos]);

    public void Dispose()
    {
        _engine.Dispose();
        _decoder.Dispose();
    }

    [Theory]
    [InlineData(Visibility.Unseen, 2)]
    [InlineData(Visibility.Unseen, 5)]
    [InlineData(Visibility.Seen, 2)]
    [InlineData(Visibility.Seen, 4)]
    public void The_trainer_gives_the_engines_log_probability_of_every_token(Visibility visibility, int paths)
    {
        var options = Options(visibility, paths);
        var results = Generate(Requests(24), options);

        foreach (var result in results)
        {
            var scored = TraceScorer.LogProbs(_decoder, Scored(result, visibility));
            for (var i = 0; i < result.Ids.Length; i++)
            {
                var expected = scored[result.Prompt.Length + i - 1];
                Assert.True(Math.Abs(result.LogProbs[i] - expected) <= 2e-5 * Math.Max(1, Math.Abs(expected)), $"token {i}: {result.LogProbs[i]} against {expected}");
            }
        }

        Assert.Contains(results, r => r.Blocks > 0);
        Assert.Contains(results, r => r.Finish == FinishReason.Eos);
    }

    [Theory]
    [InlineData(Visibility.Unseen)]
    [InlineData(Visibility.Seen)]
    public void The_policy_step_gives_the_log_probabilities_with_which_tokens_were_drawn(Visibility visibility)
    {
        var step = new PolicyStep(_decoder, new PolicyStepOptions());
        var results = Generate(Requests(24), Options(visibility, 3) with { MaxTokens = 80 });

        var scored = step.LogProbs([.. results.Select(r => new PolicyResponse(Scored(r, visibility), r.Prompt.Length, r.Sampled, r.AllowedLogProbs, 1) { Banned = r.Banned })]);

        foreach (var (result, row) in results.Zip(scored))
        {
            for (var i = 0; i < result.Ids.Length; i++)
            {
                if (!result.Sampled[i])
                    continue;
                Assert.InRange(row[i] - result.AllowedLogProbs[i], -2e-5 * Math.Max(1, -row[i]), 2e-5 * Math.Max(1, -row[i]));
                Assert.DoesNotContain(result.Ids[i], result.Banned[i]);
                Assert.True(result.AllowedLogProbs[i] >= result.LogProbs[i]);
            }
        }

        Assert.Contains(results, r => r.LogProbs.Zip(r.AllowedLogProbs).Any(x => x.Second - x.First > 0.1));
    }

    [Fact]
    public void Draws_do_not_depend_on_what_else_is_in_the_batch()
    {
        var options = Options(Visibility.Unseen, 3);
        var requests = Requests(16);
        var together = Generate(requests, options);
        var limited = new Engine(_decoder, s_tags, [Eos], new EngineLimits { Sequences = 3 }).Generate(requests, options).ToDictionary(r => r.Index, r => r.Result);

        for (var i = 0; i < requests.Length; i++)
        {
            var alone = Assert.Single(_engine.Generate([requests[i]], options)).Result;
            Assert.Equal(alone.Ids, together[i].Ids);
            Assert.Equal(alone.Ids, limited[i].Ids);
        }
    }

    [Fact]
    public void The_structure_read_from_the_result_is_the_one_that_was_decoded()
    {
        foreach (var result in Generate(Requests(32), Options(Visibility.Unseen, 3)))
        {
            var layout = TraceLayout.Read([.. result.Prompt, .. result.Ids], result.Prompt.Length, s_tags);
            Assert.Equal(result.Blocks, layout.Blocks.Count);
            Assert.All(layout.Blocks, block =>
            {
                Assert.Equal(3, block.Paths.Count);
                Assert.All(block.Paths, path => Assert.True(path.Closed));
            });
        }
    }

    [Fact]
    public void Budgets_hold()
    {
        var options = Options(Visibility.Unseen, 2) with { MaxTokens = 40, PathTokens = 3, SummaryTokens = 2, Blocks = 1 };
        foreach (var result in Generate(Requests(32), options))
        {
            Assert.True(result.Ids.Length <= 40);
            Assert.True(result.Blocks <= 1);
            var layout = TraceLayout.Read([.. result.Prompt, .. result.Ids], result.Prompt.Length, s_tags);
            Assert.All(layout.Blocks.SelectMany(b => b.Paths), path => Assert.True(path.End - path.Start <= 3 + 2));
        }
    }

    [Theory]
    [InlineData(Visibility.Unseen)]
    [InlineData(Visibility.Seen)]
    public void A_response_already_begun_goes_on_wherever_it_stops(Visibility visibility)
    {
        var options = Options(visibility, 3) with { Temperature = 0, Blocks = 2 };
        foreach (var whole in Generate(Requests(6), options).Where(r => r.Blocks > 0))
        {
            var layout = TraceLayout.Read([.. whole.Prompt, .. whole.Ids], whole.Prompt.Length, s_tags);
            var secondPaths = layout.Blocks.SelectMany(b => b.Paths.Skip(1)).ToArray();
            for (var cut = 0; cut < whole.Ids.Length; cut++)
            {
                var request = new GenerationRequest(whole.Prompt, RandomKey.FromSeed(9)) { Lead = whole.Ids[..cut] };
                var result = Assert.Single(_engine.Generate([request], options)).Result;

                // Where the lead ends, how what is left is shared between paths may change; structure and scores must hold.
                var scored = TraceScorer.LogProbs(_decoder, Scored(result, visibility));
                Assert.Equal(whole.Ids[..cut], result.Ids[..cut]);
                for (var i = 0; i < result.Ids.Length; i++)
                {
                    var expected = scored[result.Prompt.Length + i - 1];
                    Assert.True(Math.Abs(result.LogProbs[i] - expected) <= 2e-5 * Math.Max(1, Math.Abs(expected)), $"cut {cut}, token {i}: {result.LogProbs[i]} against {expected}");
                }
            }
        }
    }

    [Fact]
    public void A_bad_prompt_is_a_clear_error()
    {
        var engine = _engine;
        Assert.Throws<InputException>(() => engine.Generate([new GenerationRequest([], RandomKey.FromSeed(1))], new()).ToList());
        Assert.Throws<InputException>(() => engine.Generate([new GenerationRequest([40], RandomKey.FromSeed(1))], new()).ToList());
        Assert.Throws<UsageException>(() => new Engine(_decoder, null, [Eos]).Generate([new GenerationRequest([8], RandomKey.FromSeed(1))], new()).ToList());
        Assert.Empty(engine.Generate([], new()));
    }

    [Fact]
    public void Plain_decoding_takes_the_tags_of_a_lead_for_ordinary_tokens()
    {
        var request = new GenerationRequest([10, 11], RandomKey.FromSeed(4)) { Lead = [12, 3, 1, 13, 2, 1, 14, 15, 2, 4, 7, 5, 16, 6] };
        var options = new GenerationOptions { Parallel = false, MaxTokens = 30 };
        var result = Assert.Single(_engine.Generate([request], options)).Result;
        int[] ids = [.. result.Prompt, .. result.Ids];
        var scored = TraceScorer.LogProbs(_decoder, TraceRows.Plain(ids, result.Prompt.Length));
        for (var i = 0; i < result.Ids.Length; i++)
            Assert.InRange(result.LogProbs[i] - scored[result.Prompt.Length + i - 1], -1e-4, 1e-4);
    }

    [Fact]
    public void A_budget_beyond_every_bound_ends_with_the_context()
    {
        var options = new GenerationOptions { Parallel = false, MaxTokens = int.MaxValue };
        var result = Assert.Single(new Engine(_decoder, null, []).Generate([new GenerationRequest([10, 11], RandomKey.FromSeed(4))], options)).Result;
        Assert.Equal(_decoder.Config.MaxPositions - 2, result.Ids.Length);
    }

    private static TraceRows Scored(GenerationResult result, Visibility visibility)
    {
        int[] ids = [.. result.Prompt, .. result.Ids];
        return visibility == Visibility.Unseen ? TraceRows.Unseen(ids, result.Prompt.Length, s_tags) : TraceRows.Seen(ids, result.Prompt.Length, s_tags);
    }

    private static GenerationOptions Options(Visibility visibility, int paths) => new() { Visibility = visibility, Paths = paths, MaxTokens = 120, PathTokens = 12, SummaryTokens = 8 };

    private static GenerationRequest[] Requests(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new GenerationRequest([.. Enumerable.Range(0, 3 + i % 5).Select(j => 8 + (i / 2 * 7 + j * 3) % 32)], RandomKey.FromSeed(5).Fold(i)))];

    private GenerationResult[] Generate(GenerationRequest[] requests, GenerationOptions options)
    {
        var results = new GenerationResult[requests.Length];
        foreach (var (index, result) in _engine.Generate(requests, options))
            results[index] = result;
        return results;
    }
}
