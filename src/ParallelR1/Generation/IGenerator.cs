namespace ParallelR1.Generation;

/// <summary>Decodes responses, in this process or on a remote server.</summary>
public interface IGenerator
{
    /// <summary>Decodes requests; yields each result with the index of its request, in order of completion.</summary>
    /// <param name="requests">Prompts, each with the key of its draws.</param>
    /// <param name="options">Limits and sampling, the same for all requests.</param>
    /// <param name="cancellation">Stops decoding after the current step.</param>
    /// <exception cref="InputException">A prompt is empty, has an id outside the vocabulary, or leaves no room in the model's context.</exception>
    /// <exception cref="UsageException">The model does not support the options.</exception>
    /// <exception cref="LogitsException">The logits of a response are not finite; the other requests are stopped.</exception>
    IAsyncEnumerable<(int Index, GenerationResult Result)> GenerateAsync(
        IReadOnlyList<GenerationRequest> requests, GenerationOptions options, CancellationToken cancellation = default);
}

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
