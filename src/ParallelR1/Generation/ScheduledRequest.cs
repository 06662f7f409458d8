using ParallelR1.Thinking;

namespace ParallelR1.Generation;

/// <summary>The state of a request in the scheduler.</summary>
/// <param name="sequence">The sequence to decode.</param>
/// <param name="prefix">The identity of its prompt and lead.</param>
/// <param name="cancellation">Ends the request.</param>
internal sealed class ScheduledRequest(LiveSequence sequence, PrefixKey prefix, CancellationToken cancellation)
{
    public LiveSequence Sequence { get; } = sequence;

    public PrefixKey PrefixKey { get; } = prefix;

    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>Called on the decoding thread with every token as it is decided; null for no callback.</summary>
    public Action<GeneratedToken>? Emit { get; init; }

    /// <summary>Called on the decoding thread after every step; null for no callback.</summary>
    public Action<int, TraceBuilder>? Progress { get; init; }

    /// <summary>Called on the decoding thread when the request has ended, with a result or an error.</summary>
    public required Action<GenerationResult?, Exception?> Finished { get; init; }

    /// <summary>The order of admission; earlier requests have priority.</summary>
    public long Order { get; set; } = -1;

    /// <summary>Its prompt and lead; null once it has begun.</summary>
    public Prefix? Prefix { get; set; }

    /// <summary>Its page table; null before it begins.</summary>
    public PageTable? Table { get; set; }

    /// <summary>Tokens to recompute after it was preempted; the next one is on top.</summary>
    public Stack<PendingToken> Lost { get; } = new();

    /// <summary>Whether its first tokens have been decided.</summary>
    public bool IsStarted { get; set; }

    /// <summary>Whether its pending tokens can go to the model.</summary>
    public bool CanDecode => Table is not null && Lost.Count == 0;

    private int Emitted { get; set; } = sequence.Trace.Length;

    /// <summary>Calls the callbacks with the new tokens.</summary>
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

/// <summary>A decoded token.</summary>
/// <param name="Id">Token id.</param>
/// <param name="Path">Index of the path within the open block; −1 for the main line and summaries.</param>
/// <param name="Origin">Whether the model sampled it or the engine injected it.</param>
/// <param name="LogProb">Its natural log-probability under the full softmax; null for injected tokens, whose log-probabilities are in the result.</param>
public readonly record struct GeneratedToken(int Id, int Path, TokenOrigin Origin, float? LogProb);
