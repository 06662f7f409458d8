namespace ParallelR1.Generation;

/// <summary>One response to decode.</summary>
/// <param name="Prompt">Token ids of the prompt.</param>
/// <param name="Key">Keys every draw of this response; the engine folds in path and token.</param>
public sealed record GenerationRequest(int[] Prompt, RandomKey Key)
{
    /// <summary>A response already begun; its tokens count as given, not as sampled.</summary>
    public int[] Lead { get; init; } = [];

    /// <summary>Texts that end the response when the main line, outside of blocks, has written one of them; what was written stays.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];
}
