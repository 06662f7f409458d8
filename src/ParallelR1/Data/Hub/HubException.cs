namespace ParallelR1.Data.Hub;

/// <summary>A failed download; the message says why and what to do. The command line exits with status 1.</summary>
public sealed class HubException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A transient failure, to be retried after the delay that the server asks for.</summary>
internal sealed class TransientHubException(string message, TimeSpan? retryAfter = null, Exception? inner = null) : Exception(message, inner)
{
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
