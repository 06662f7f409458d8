namespace ParallelR1.Generation;

/// <summary>An engine that decodes responses: in this process, or a remote server.</summary>
public interface IGenerator
{
    /// <summary>Decodes every request; results come in the order in which they finish, with the index of their request.</summary>
    IAsyncEnumerable<(int Index, GenerationResult Result)> GenerateAsync(
        IReadOnlyList<GenerationRequest> requests, GenerationOptions options, CancellationToken cancellation = default);
}
