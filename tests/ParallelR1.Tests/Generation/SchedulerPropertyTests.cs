using ParallelR1.Data.Synthetic;
using ParallelR1.Generation;
using ParallelR1.Models;
using ParallelR1.Tests.Thinking;
using ParallelR1.Thinking;

namespace ParallelR1.Tests.Generation;

/// <summary>Random requests at random times, few pages, cancellations: every context is the right one, and no page is lost.</summary>
public sealed class SchedulerPropertyTests
{
    private const int Vocabulary = 40, Eos = 8;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 24)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Whatever_pages_there_are_and_whatever_is_cancelled_tokens_have_their_contexts_and_pages_come_back(int seed)
    {
        var draws = new Draws(RandomKey.FromSeed(seed).Fold("scheduler"));
        using var decoder = RandomDecoder.Create(Vocabulary);
        var backend = new ContextBackend(Vocabulary);
        var limits = new EngineLimits { Sequences = Pick(draws, 1, 2, 5, 100), CacheBytes = PagePool.PageSize * Pick(draws, 1, 4, 9, 20, 1000), PrefixCache = Pick(draws, true, false) };
        using var engine = new Engine(decoder, Soup.Tags, [Eos], limits, Soup.Numbers, null, _ => backend);
        int[][] prompts = [.. Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, Pick(draws, 1, 5, 16, 17, 40)).Select(_ => draws.Between(9, 30)).ToArray())];
        var asked = Enumerable.Range(0, 14).Select(i => (Request: Request(draws, prompts, i), Options: Options(draws), Cancel: draws.Between(0, 3) == 0 ? draws.Between(0, 30) : -1)).ToList();

        var running = new List<(RunningResponse Response, CancellationTokenSource Source)>();
        foreach (var (request, options, cancel) in asked)
        {
            var source = new CancellationTokenSource();
            engine.Progress = cancel < 0 ? null : (_, trace) =>
            {
                if (trace.ResponseLength - request.Lead.Length >= cancel)
                    source.Cancel();
            };
            running.Add((engine.Submit(request, options, source.Token), source));
        }

        for (var i = 0; i < asked.Count; i++)
        {
            var (request, options, cancel) = asked[i];
            var where = $"seed {seed}, request {i}, {options}, {limits}, lead [{string.Join(' ', request.Lead)}]";
            try
            {
                var result = await running[i].Response.Completion;
                int[] ids = [.. request.Prompt, .. result.Ids];
                var tags = options.Parallel ? Soup.Tags.WithNumbers(options.NumberPaths ? Soup.Numbers : null) : null;
                var expected = ContextBackend.Scores(TraceRows.Decoding(ids, request.Prompt.Length, tags, options.Visibility), Vocabulary);
                Assert.True(expected.AsSpan().SequenceEqual(result.LogProbs), $"[{string.Join(' ', result.Ids)}] {where}");
                var alone = Alone(decoder, request, options);
                Assert.True(alone.Ids.AsSpan().SequenceEqual(result.Ids), where);
                Assert.Equal((alone.Blocks, alone.Finish, alone.Rejoined), (result.Blocks, result.Finish, result.Rejoined));
            }
            catch (OperationCanceledException) when (cancel >= 0)
            {
            }

            running[i].Source.Dispose();
        }

        var left = engine.Statistics;
        Assert.Equal((0, 0, 0), (left.PagesInUse, left.Running, left.Waiting));
        Assert.True(limits.PrefixCache || left.PagesCached == 0);
        engine.WeightsChanged();
        Assert.Equal(0, engine.Statistics.PagesCached);
    }

    [Fact]
    public void A_trace_holds_the_pages_of_its_prefix_and_of_each_path_and_a_join_none_beside_them()
    {
        using var decoder = RandomDecoder.Create(Vocabulary);
        var engine = new Engine(decoder, Soup.Tags, [Eos], new EngineLimits { CacheBytes = 1000 * PagePool.PageSize }, null, null, _ => new ContextBackend(Vocabulary));
        int[] prompt = [.. Enumerable.Repeat(9, 40)];
        var most = 0;
        engine.Progress = (_, trace) =>
        {
            var pages = 0;
            foreach (var path in trace.Lines().Where(line => line.Path is not null))
                pages += Pages(path.Ids.Length);
            // On the main line: its own rows, those of joined paths, and a page for what each of them leaves unused.
            if (trace.Context == TraceContext.Paths)
                most = Math.Max(most, engine.Statistics.PagesInUse - pages - Pages(prompt.Length + 2));
        };

        var result = engine.Generate([new GenerationRequest(prompt, RandomKey.FromSeed(2)) { Lead = [3] }], new GenerationOptions { Paths = 4, Blocks = 1, PathTokens = 50, MaxTokens = 300 }).Single().Result;

        Assert.Equal(1, result.Blocks);
        Assert.Equal(0, most);
        engine.Dispose();

        static int Pages(int rows) => (rows + PagePool.PageSize - 1) / PagePool.PageSize;
    }

    [Fact]
    public void Samples_of_a_group_share_the_full_pages_of_their_prompt()
    {
        using var decoder = RandomDecoder.Create(Vocabulary);
        using var engine = new Engine(decoder, null, [Eos], new EngineLimits { CacheBytes = 1000 * PagePool.PageSize }, null, null, _ => new ContextBackend(Vocabulary));
        int[] prompt = [.. Enumerable.Repeat(9, 10 * PagePool.PageSize + 3)];
        var most = 0;
        engine.Progress = (_, _) => most = Math.Max(most, engine.Statistics.PagesInUse);

        Assert.Equal(8, engine.Generate([.. Enumerable.Range(0, 8).Select(i => new GenerationRequest(prompt, RandomKey.FromSeed(i)))], new GenerationOptions { Parallel = false, MaxTokens = 3 }).Count());

        Assert.InRange(most, 10 + 8, 10 + 8 + 1);
    }

    private static T Pick<T>(Draws draws, params T[] values) => draws.Pick(values);

    private static GenerationResult Alone(Decoder decoder, GenerationRequest request, GenerationOptions options)
    {
        using var engine = new Engine(decoder, Soup.Tags, [Eos], new EngineLimits { CacheBytes = 1 << 20 }, Soup.Numbers, null, _ => new ContextBackend(Vocabulary));
        return engine.Generate([request], options).Single().Result;
    }

    private static GenerationRequest Request(Draws draws, int[][] prompts, int index)
    {
        int[][] pieces = [[3, 1], [2, 1], [2, 4], [2, 4, 7, 5], [6], [9], [9, 10, 11], [3, 1, 9, 2, 1, 9, 10, 2, 4, 5, 9, 6], [3, 1, 9, 9, 3, 1, 12]];
        int[] lead = [.. Enumerable.Range(0, Pick(draws, 0, 0, 1, 6)).SelectMany(_ => draws.Pick(pieces))];
        return new GenerationRequest(draws.Pick(prompts), RandomKey.FromSeed(7).Fold(index)) { Lead = lead };
    }

    private static GenerationOptions Options(Draws draws) => new()
    {
        Parallel = draws.Between(0, 5) > 0,
        Visibility = Pick(draws, Visibility.Seen, Visibility.Unseen),
        Paths = Pick(draws, 1, 2, 3, 6),
        Blocks = Pick(draws, 1, 2, 5),
        MaxTokens = Pick(draws, 2, 30, 90, 200),
        CriticalTokens = Pick(draws, 0, 0, 25, 60),
        NumberPaths = Pick(draws, false, true),
        PathTokens = Pick(draws, 0, 5, 20),
        SummaryTokens = Pick(draws, 0, 4),
        MinP = Pick(draws, 0, 0.05),
    };
}
