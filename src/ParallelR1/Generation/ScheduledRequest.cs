using ParallelR1.Thinking;

namespace ParallelR1.Generation;

/// <summary>A request on its way through the scheduler.</summary>
/// <param name="sequence">What is decoded.</param>
/// <param name="prefix">What tells its prompt and lead from others.</param>
/// <param name="cancellation">Ends it.</param>
internal sealed class ScheduledRequest(LiveSequence sequence, PrefixKey prefix, CancellationToken cancellation)
{
    public LiveSequence Sequence { get; } = sequence;

    public PrefixKey PrefixKey { get; } = prefix;

    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>Called on the decoding thread with every token as it is decided; null: nobody listens.</summary>
    public Action<GeneratedToken>? Emit { get; init; }

    /// <summary>Called on the decoding thread after every step; null: nobody listens.</summary>
    public Action<int, TraceBuilder>? Progress { get; init; }

    /// <summary>Called on the decoding thread when it has ended: with a result or an error.</summary>
    public required Action<GenerationResult?, Exception?> Finished { get; init; }

    /// <summary>The order of admission; who came first is served first.</summary>
    public long Order { get; set; } = -1;

    /// <summary>Its prompt; null once it has begun.</summary>
    public Prefix? Prefix { get; set; }

    /// <summary>Its pages; null before it begins.</summary>
    public PageTable? Table { get; set; }

    /// <summary>What must be computed again, next last, after it was preempted.</summary>
    public Stack<PendingToken> Lost { get; } = new();

    /// <summary>Whether its first tokens were decided.</summary>
    public bool IsStarted { get; set; }

    /// <summary>Whether its pending tokens can go to the model.</summary>
    public bool CanDecode => Table is not null && Lost.Count == 0;

    private int Emitted { get; set; } = sequence.Trace.Length;

    /// <summary>Tells listeners what is new.</summary>
    public void Report()
    {
        for (; Emit is not null && Emitted < Sequence.Trace.Length; Emitted++)
        {
            var (origin, path) = Sequence.Trace.Origin(Emitted);
            Emit(new GeneratedToken(Sequence.Trace.Id(Emitted), path, origin, origin == TokenOrigin.Sampled ? Sequence.Trace.LogProb(Emitted) : null));
        }

        Progress?.Invoke(Sequence.Index, Sequence.Trace);
    }
}

/// <summary>A token as it is decided.</summary>
/// <param name="Id">Token id.</param>
/// <param name="Path">The path within the open block; −1 for the main line and summaries.</param>
/// <param name="Origin">Sampled by the model, or injected by the engine.</param>
/// <param name="LogProb">Its natural log-probability under the full softmax; null for injected tokens, which the result scores.</param>
public readonly record struct GeneratedToken(int Id, int Path, TokenOrigin Origin, float? LogProb);
