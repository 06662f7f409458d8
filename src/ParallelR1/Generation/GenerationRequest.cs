namespace ParallelR1.Generation;

/// <summary>A request to decode one response.</summary>
/// <param name="Prompt">Token ids of the prompt.</param>
/// <param name="Key">Random key of every draw of this response; the engine folds in path and token.</param>
public sealed record GenerationRequest(int[] Prompt, RandomKey Key)
{
    /// <summary>Gets the token ids of the beginning of the response (the lead); they count as given, not as sampled. Empty by default.</summary>
    public int[] Lead { get; init; } = [];

    /// <summary>Gets the texts that end the response when the main line, outside of blocks, contains one of them; the text so far is kept.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];
}
