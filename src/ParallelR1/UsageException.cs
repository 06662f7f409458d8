namespace ParallelR1;

/// <summary>
/// Wrong arguments or recipe, a missing file or model folder: the message says what to change.
/// The command line ends with exit status 2.
/// </summary>
public sealed class UsageException(string message, Exception? inner = null) : Exception(message, inner);
