namespace ParallelR1.Generation;

/// <summary>A finished response.</summary>
/// <param name="Prompt">Token ids of the prompt.</param>
/// <param name="Ids">Token ids of the response, the lead included.</param>
/// <param name="Sampled">For each response token: sampled by the model (true), or given or injected by the engine (false).</param>
/// <param name="LogProbs">For each response token: its natural log-probability under the full softmax in the context where it was decoded.</param>
/// <param name="Blocks">Blocks that the engine opened.</param>
/// <param name="Finish">Why decoding ended.</param>
public sealed record GenerationResult(int[] Prompt, int[] Ids, bool[] Sampled, float[] LogProbs, int Blocks, FinishReason Finish)
{
    /// <summary>Whether the budget on the critical path closed a path or a summary, or ended the response.</summary>
    public bool CriticalCapHit { get; init; }

    /// <summary>Tokens that went through the model a second time: in Seen, those of joined blocks.</summary>
    public int Rejoined { get; init; }

    /// <summary>For each response token the tokens that might not be drawn in its place; empty where none was banned, or nothing was drawn.</summary>
    public int[][] Banned { get; init; } = [.. Ids.Select(_ => Array.Empty<int>())];

    /// <summary>
    /// For each response token its natural log-probability among the tokens that might be drawn: what it was sampled with at temperature 1.
    /// The same as <see cref="LogProbs"/> where nothing was banned.
    /// </summary>
    public float[] AllowedLogProbs { get; init; } = LogProbs;
}
