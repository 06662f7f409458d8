namespace ParallelR1.Data.ColdStart;

/// <summary>A teacher that does not answer: the message says who, what came instead and what to do. The command line ends with exit status 1.</summary>
internal sealed class TeacherException(TeacherFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What it means for the work.</summary>
    public TeacherFailure Failure { get; } = failure;

    /// <summary>How long the server asks to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>What a failure means for the work.</summary>
internal enum TeacherFailure
{
    /// <summary>It may pass: the same request is sent again after a while.</summary>
    Transient,

    /// <summary>It did not pass in all retries; this sample is left for a later run.</summary>
    Exhausted,

    /// <summary>The server will not answer this request (a prompt too long, a filter); others may do.</summary>
    Refused,

    /// <summary>No request will be answered: a wrong key, model or address, or no money left.</summary>
    Fatal,
}
