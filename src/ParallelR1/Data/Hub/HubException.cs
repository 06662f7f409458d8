namespace ParallelR1.Data.Hub;

/// <summary>A download failed: the message says why and what to do. The command line ends with exit status 1.</summary>
public sealed class HubException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A failure that may pass: worth another try, after the time that the server asked for.</summary>
internal sealed class TransientHubException(string message, TimeSpan? retryAfter = null, Exception? inner = null) : Exception(message, inner)
{
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
