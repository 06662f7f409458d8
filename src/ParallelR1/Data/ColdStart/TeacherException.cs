namespace ParallelR1.Data.ColdStart;

/// <summary>A teacher that does not answer: the message says who, what came instead and what to do. The command line ends with exit status 1.</summary>
public sealed class TeacherException(TeacherFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What it means for the work.</summary>
    public TeacherFailure Failure { get; } = failure;

    /// <summary>How long the server asks to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
