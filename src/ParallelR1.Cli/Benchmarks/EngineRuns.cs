using System.Diagnostics;
using ParallelR1.Generation;
using ParallelR1.Models;
using ParallelR1.Thinking;

namespace ParallelR1.Cli.Benchmarks;

/// <summary>What <c>bench engine</c> measures of our engine. Prompts are drawn, nothing ends early: what is decoded has the length that is asked for.</summary>
/// <param name="decoder">The model; of its vocabulary six ids stand for the tags.</param>
/// <param name="limits">How much is decoded at once.</param>
internal sealed class EngineRuns(Decoder decoder, EngineLimits limits)
{
    private const int PathPrompt = 256;
    private const int Lead = 32;
    private const int Summary = 32;

    /// <summary>Gets the tokens of each path.</summary>
    public const int PathTokens = 128;

    private static readonly RandomKey s_key = RandomKey.FromSeed(1).Fold("bench");
    private readonly TagIds _tags = new([1, 2, 3, 4, 5, 6], newline: 7);

    /// <summary>Tokens per second of prompts, and of decoding with sampling at temperature 1 from when all sequences have begun.</summary>
    /// <param name="count">Sequences that are decoded together.</param>
    /// <param name="prompt">Tokens of each prompt.</param>
    /// <param name="tokens">Tokens of each response.</param>
    /// <param name="cancellation">Stops it.</param>
    public (double Prefill, double Decode) Decode(int count, int prompt, int tokens, CancellationToken cancellation)
    {
        var requests = Enumerable.Range(0, count).Select(i => new GenerationRequest(Prompt(prompt, s_key.Fold(i)), s_key.Fold(i))).ToList();
        var (start, begun, before, lengths) = (0L, 0L, 0, new Dictionary<int, int>());
        using var engine = new Engine(decoder, null, [], limits)
        {
            Progress = (index, trace) =>
            {
                lengths[index] = trace.ResponseLength;
                if (start > 0 && begun == 0 && lengths.Count == count)
                    (begun, before) = (Stopwatch.GetTimestamp(), lengths.Values.Sum());
            },
        };
        // An engine lives long: that it packs the weights when it begins belongs to no prompt.
        Generate([new GenerationRequest(Prompt(1, s_key.Fold("first")), s_key)], 1);
        lengths.Clear();
        start = Stopwatch.GetTimestamp();
        var total = Generate(requests, tokens);
        var decode = (total - before) / Stopwatch.GetElapsedTime(begun).TotalSeconds;
        // Until all have begun some decode already; what that took is taken off.
        return (count * prompt / Math.Max(1e-9, Stopwatch.GetElapsedTime(start, begun).TotalSeconds - before / decode), decode);

        int Generate(IReadOnlyList<GenerationRequest> some, int length) =>
            engine.Generate(some, new GenerationOptions { Parallel = false, MaxTokens = length }, cancellation).Sum(r => r.Result.Ids.Length);
    }

    /// <summary>Tokens per second of paths from fork to join, and the seconds of the whole answer (lead, block, summary).</summary>
    /// <param name="paths">Paths of the block.</param>
    /// <param name="tokens">Tokens of each.</param>
    /// <param name="cancellation">Stops it.</param>
    public (double Rate, double Answer) Block(int paths, int tokens, CancellationToken cancellation)
    {
        var request = new GenerationRequest(Prompt(PathPrompt, s_key), s_key) { Lead = [.. Prompt(Lead - 1, s_key.Fold("lead")), _tags[ThinkingTag.ParallelOpen]] };
        long begun = 0, joined = 0;
        int first = 0, last = 0;
        using var engine = new Engine(decoder, _tags, [], limits)
        {
            Progress = (_, trace) =>
            {
                if (joined != 0)
                    return;
                var now = Stopwatch.GetTimestamp();
                if (trace.Context != TraceContext.Paths)
                    (joined, last) = (now, trace.ResponseLength);
                else if (begun == 0)
                    (begun, first) = (now, trace.ResponseLength);
            },
        };
        var options = new GenerationOptions { Paths = paths, PathTokens = tokens, SummaryTokens = Summary, Blocks = 1, MaxTokens = Lead + paths * (tokens + 2) + Summary + 8 };
        var start = Stopwatch.GetTimestamp();
        foreach (var _ in engine.Generate([request], options, cancellation))
        {
        }

        return ((last - first) / Stopwatch.GetElapsedTime(begun, joined).TotalSeconds, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private int[] Prompt(int tokens, RandomKey key) => [.. Enumerable.Range(0, tokens).Select(t => 8 + key.Next(decoder.Config.VocabSize - 8, t))];
}
