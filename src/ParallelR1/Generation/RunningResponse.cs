using System.Threading.Channels;

namespace ParallelR1.Generation;

/// <summary>A response while it is decoded.</summary>
public sealed class RunningResponse
{
    private readonly Channel<GeneratedToken> _tokens = Channel.CreateUnbounded<GeneratedToken>(new UnboundedChannelOptions { SingleWriter = true });
    private readonly TaskCompletionSource<GenerationResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal RunningResponse()
    {
    }

    /// <summary>Gets the tokens in the order in which they are decided, with those of paths interleaved; the stream ends with the response, or with its error.</summary>
    public IAsyncEnumerable<GeneratedToken> Tokens => _tokens.Reader.ReadAllAsync();

    /// <summary>Gets the whole response, with its tokens in the order of the written text.</summary>
    public Task<GenerationResult> Completion => _completion.Task;

    internal void Add(GeneratedToken token) => _tokens.Writer.TryWrite(token);

    internal void End(GenerationResult? result, Exception? error)
    {
        _tokens.Writer.TryComplete(error);
        if (result is not null)
            _completion.SetResult(result);
        else if (error is OperationCanceledException cancelled)
            _completion.SetCanceled(cancelled.CancellationToken);
        else
            _completion.SetException(error!);
    }
}
