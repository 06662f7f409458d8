namespace ParallelR1;

/// <summary>
/// Input that is there but damaged: the message says what was found, what was expected and what to do.
/// The command line ends with exit status 1.
/// </summary>
public sealed class InputException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// Wrong arguments or recipe, a missing file or model folder: the message says what to change.
/// The command line ends with exit status 2.
/// </summary>
public sealed class UsageException(string message, Exception? inner = null) : Exception(message, inner);
