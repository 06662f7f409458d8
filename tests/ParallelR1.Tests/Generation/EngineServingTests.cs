using ParallelR1.Generation;
using ParallelR1.Models;
using ParallelR1.Tests.Thinking;
using ParallelR1.Tests.Tokenization;
using ParallelR1.Thinking;

namespace ParallelR1.Tests.Generation;

/// <summary>An engine that serves requests as they come.</summary>
public sealed class EngineServingTests : IDisposable
{
    private const int Vocabulary = 40, Eos = 8;
    private static readonly GenerationOptions s_plain = new() { Parallel = false, MaxTokens = 40 };
    private readonly Decoder _decoder = RandomDecoder.Create(Vocabulary);
    private readonly ContextBackend _backend = new(Vocabulary);

    public void Dispose() => _decoder.Dispose();

    [Fact]
    public async Task Tokens_stream_as_they_are_decided_and_are_those_of_the_result()
    {
        using var engine = Create();
        var response = engine.Submit(new GenerationRequest([9, 10], RandomKey.FromSeed(1)) { Lead = [3] }, new GenerationOptions { Paths = 3, Blocks = 1, MaxTokens = 90 });

        var tokens = new List<GeneratedToken>();
        await foreach (var token in response.Tokens)
            tokens.Add(token);
        var result = await response.Completion;

        Assert.Equal(result.Ids[1..].Order(), tokens.Select(token => token.Id).Order());
        Assert.Equal([0, 1, 2], tokens.Where(token => token.Path >= 0).Select(token => token.Path).Distinct().Order());
        Assert.Equal(result.Sampled.Count(sampled => sampled), tokens.Count(token => token is { Origin: TokenOrigin.Sampled, LogProb: not null }));
        // Paths in turns, not one after the other.
        Assert.NotEqual(tokens.Where(token => token.Path >= 0).OrderBy(token => token.Path), tokens.Where(token => token.Path >= 0));
    }

    [Fact]
    public async Task Requests_come_from_any_thread_and_are_what_they_are_alone()
    {
        using var engine = Create();
        var together = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => Task.Run(() => engine.Submit(Request(i), s_plain with { MaxTokens = 5 + i }).Completion)));

        for (var i = 0; i < together.Length; i++)
        {
            using var other = Create(backend: new ContextBackend(Vocabulary));
            Assert.Equal(other.Generate([Request(i)], s_plain with { MaxTokens = 5 + i }).Single().Result.Ids, together[i].Ids);
        }
    }

    [Fact]
    public async Task A_single_request_does_not_wait_for_a_large_batch_that_came_before()
    {
        using var engine = Create(new EngineLimits { Sequences = 2, CacheBytes = 1 << 20 });
        using ManualResetEventSlim begun = new(), submitted = new();
        RunningResponse? single = null;
        var (steps, stepsUntilSingle) = (0, 0);
        _backend.Stepping = _ =>
        {
            begun.Set();
            submitted.Wait();
            steps++;
            if (stepsUntilSingle == 0 && single!.Completion.IsCompleted)
                stepsUntilSingle = steps;
        };
        var all = Task.Run(() => engine.Generate([.. Enumerable.Range(0, 60).Select(Request)], s_plain).Count());
        begun.Wait();
        single = engine.Submit(Request(99), s_plain);
        submitted.Set();

        await single.Completion;

        Assert.Equal(60, await all);
        Assert.InRange(stepsUntilSingle, 1, steps * 2 / 3);
    }

    [Fact]
    public async Task Logits_that_are_no_use_end_their_request_and_no_other()
    {
        _backend.Broken = 39;
        using var engine = Create();
        var good = engine.Submit(new GenerationRequest([9, 10], RandomKey.FromSeed(1)), s_plain with { MaxTokens = 3 });
        var bad = engine.Submit(new GenerationRequest([9, 39], RandomKey.FromSeed(1)), s_plain with { MaxTokens = 3 });

        await Assert.ThrowsAsync<LogitsException>(() => bad.Completion);
        Assert.NotEmpty((await good.Completion).Ids);
        Assert.Equal(0, engine.Statistics.PagesInUse);
    }

    [Fact]
    public async Task A_cancelled_request_frees_its_pages()
    {
        using var engine = Create();
        using var source = new CancellationTokenSource();
        _backend.Stepping = _ => Thread.Sleep(1);
        var response = engine.Submit(Request(1), new GenerationOptions { Parallel = false, MaxTokens = 400 }, source.Token);
        await foreach (var _ in response.Tokens)
            break;
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => response.Completion);
        Assert.Equal((0, 0), (engine.Statistics.PagesInUse, engine.Statistics.Running));
    }

    [Fact]
    public void A_batch_that_is_left_early_ends()
    {
        using var engine = Create();
        Assert.NotNull(engine.Generate([.. Enumerable.Range(0, 30).Select(Request)], s_plain).First().Result);
        Assert.Equal((0, 0, 0), (engine.Statistics.PagesInUse, engine.Statistics.Running, engine.Statistics.Waiting));
    }

    [Fact]
    public void Requests_end_with_the_engine()
    {
        var engine = Create();
        var response = engine.Submit(Request(1), new GenerationOptions { Parallel = false, MaxTokens = 450 });
        engine.Dispose();

        Assert.True(response.Completion.IsCompleted);
        Assert.Throws<ObjectDisposedException>(() => engine.Submit(Request(2), s_plain));
    }

    [Fact]
    public void A_long_lead_never_has_logits_for_more_than_a_few_of_its_tokens()
    {
        const int Wide = 1 << 21;
        using var decoder = RandomDecoder.Create(Vocabulary);
        var backend = new ContextBackend(Vocabulary);
        var scheduler = new Scheduler(backend, new EngineLimits { CacheBytes = 1 << 20 }, Wide);
        var sequence = new LiveSequence(0, Request(1) with { Lead = [.. Enumerable.Range(0, 300).Select(i => 9 + i % 20)] }, s_plain with { MaxTokens = 301 }, new TokenRules(null, [Eos]), new Sampler(0), 301);
        GenerationResult? result = null;
        scheduler.Submit([new ScheduledRequest(sequence, new PrefixKey(Request(1), s_plain), CancellationToken.None) { Finished = (r, _) => result = r }]);
        while (scheduler.HasWork)
            scheduler.Step();

        Assert.Equal(301, result!.Ids.Length);
        Assert.InRange(backend.MostWanted, 1, 9);
        int[] ids = [.. result.Prompt, .. result.Ids];
        Assert.Equal(ContextBackend.Scores(TraceRows.Plain(ids, result.Prompt.Length), Vocabulary), result.LogProbs);
    }

    [Fact]
    public void A_long_prompt_goes_in_chunks_beside_what_is_decoded()
    {
        using var engine = Create();
        var steps = new List<int>();
        _backend.Stepping = table => steps.Add(table.Count);
        _ = engine.Generate([Request(1), new GenerationRequest([.. Enumerable.Repeat(9, 400)], RandomKey.FromSeed(1)), new GenerationRequest([.. Enumerable.Repeat(10, 400)], RandomKey.FromSeed(1))], s_plain with { MaxTokens = 4 }).Count();

        Assert.All(steps, rows => Assert.InRange(rows, 1, 512));
        Assert.InRange(steps.Count, 4, 8);
    }

    [Fact]
    public void Prompts_with_a_common_beginning_are_computed_once_where_the_engine_keeps_them()
    {
        int[] common = [.. Enumerable.Range(0, 64).Select(i => 9 + i % 20)];
        using var engine = Create(new EngineLimits { CacheBytes = 1 << 20, PrefixCache = true });
        GenerationResult Answer(params int[] rest) => engine.Generate([new GenerationRequest([.. common, .. rest], RandomKey.FromSeed(1))], s_plain).Single().Result;

        Answer(30);
        var before = engine.Statistics.Rows;
        var second = Answer(31, 32);

        Assert.InRange(engine.Statistics.Rows - before, 1, 2 + second.Ids.Length);
        Assert.Equal(4, engine.Statistics.PagesCached);
        int[] ids = [.. second.Prompt, .. second.Ids];
        Assert.Equal(ContextBackend.Scores(TraceRows.Plain(ids, second.Prompt.Length), Vocabulary), second.LogProbs);
    }

    [Fact]
    public void What_Seen_runs_again_at_a_join_is_reported()
    {
        using var engine = Create();
        var request = new GenerationRequest([9], RandomKey.FromSeed(3)) { Lead = [3] };
        var options = new GenerationOptions { Blocks = 1, PathTokens = 6, MaxTokens = 60 };

        var seen = engine.Generate([request], options with { Visibility = Visibility.Seen }).Single().Result;

        var block = TraceLayout.Read([.. seen.Prompt, .. seen.Ids], 1, Soup.Tags).Blocks[0];
        Assert.Equal(block.Paths.Sum(path => path.End - path.Start), seen.Rejoined);
        Assert.Equal(0, engine.Generate([request], options).Single().Result.Rejoined);
    }

    [Fact]
    public void A_response_ends_when_its_main_line_holds_a_stop_sequence()
    {
        var tiny = TinyTokenizer.Instance;
        using var decoder = RandomDecoder.Create(tiny.IdLimit);
        using var engine = new Engine(decoder, null, [], null, null, () => tiny.CreateStreamDecoder(), _ => new ContextBackend(tiny.IdLimit));
        var request = new GenerationRequest([30, 31], RandomKey.FromSeed(1));
        var free = engine.Generate([request], s_plain).Single().Result;
        var stop = tiny.Decode(free.Ids.AsSpan()[..20])[^3..];
        var first = Enumerable.Range(1, 40).First(n => tiny.Decode(free.Ids.AsSpan()[..n]).Contains(stop, StringComparison.Ordinal));

        var stopped = engine.Generate([request with { Stop = ["not there", stop] }], s_plain).Single().Result;

        Assert.Equal(free.Ids[..first], stopped.Ids);
        Assert.Equal(FinishReason.Stop, stopped.Finish);
    }

    private Engine Create(EngineLimits? limits = null, ContextBackend? backend = null) =>
        new(_decoder, Soup.Tags, [Eos], limits ?? new EngineLimits { CacheBytes = 1 << 20 }, Soup.Numbers, null, _ => backend ?? _backend);

    private static GenerationRequest Request(int i) => new([9 + i % 7, 10, 11], RandomKey.FromSeed(5).Fold(i));
}
