namespace ParallelR1.Generation;

/// <summary>A finished response.</summary>
/// <param name="Prompt">Token ids of the prompt.</param>
/// <param name="Ids">Token ids of the response, including the lead.</param>
/// <param name="Sampled">For each response token, whether the model sampled it (true), or it was given or injected by the engine (false).</param>
/// <param name="LogProbs">For each response token, its natural log-probability under the full softmax, in the context in which it was decoded.</param>
/// <param name="Blocks">Number of blocks, including those that the lead opened.</param>
/// <param name="Finish">Why decoding ended.</param>
public sealed record GenerationResult(int[] Prompt, int[] Ids, bool[] Sampled, float[] LogProbs, int Blocks, FinishReason Finish)
{
    /// <summary>Gets whether the critical-path budget closed a path or a summary, or ended the response.</summary>
    public bool CriticalCapHit { get; init; }

    /// <summary>Gets the number of tokens that went through the model a second time: in Seen, those of joined blocks.</summary>
    public int Rejoined { get; init; }

    /// <summary>Gets, for each response token, the tokens that were banned in its place; empty if none was banned, or the token was not drawn.</summary>
    public int[][] Banned { get; init; } = [.. Ids.Select(_ => Array.Empty<int>())];

    /// <summary>
    /// Gets, for each response token, its natural log-probability among the tokens that were not banned: the one it was sampled with at
    /// temperature 1. Equal to <see cref="LogProbs"/> if no token was banned.
    /// </summary>
    public float[] AllowedLogProbs { get; init; } = LogProbs;
}

/// <summary>Why decoding ended.</summary>
public enum FinishReason
{
    /// <summary>The model sampled end-of-text.</summary>
    Eos,

    /// <summary>The budget of the response, or the model's context, was used up.</summary>
    Length,

    /// <summary>The main line contains one of the request's stop sequences.</summary>
    Stop,
}
