namespace ParallelR1.Data.Hub;

/// <summary>A download failed: the message says why and what to do. The command line ends with exit status 1.</summary>
public sealed class HubException(string message, Exception? inner = null) : Exception(message, inner);
