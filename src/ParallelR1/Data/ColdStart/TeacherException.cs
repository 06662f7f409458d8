namespace ParallelR1.Data.ColdStart;

/// <summary>A teacher that does not answer; the message says who, what was received instead and what to do. The command line exits with status 1.</summary>
public sealed class TeacherException : Exception
{
    internal TeacherException(TeacherFailure failure, string message, Exception? inner = null) : base(message, inner) => Failure = failure;

    /// <summary>Gets what the failure means for the run.</summary>
    internal TeacherFailure Failure { get; }

    /// <summary>Gets the delay that the server asks for.</summary>
    internal TimeSpan? RetryAfter { get; init; }
}

/// <summary>What a failure means for the run.</summary>
internal enum TeacherFailure
{
    /// <summary>Transient: the same request is retried after a delay.</summary>
    Transient,

    /// <summary>All retries failed; the sample is left for a resumed run.</summary>
    Exhausted,

    /// <summary>The server refuses this request (prompt too long, content filter); others may succeed.</summary>
    Refused,

    /// <summary>Every request will fail: wrong key, model or address, or no credit left.</summary>
    Fatal,
}
