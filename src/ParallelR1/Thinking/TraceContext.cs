namespace ParallelR1.Thinking;

/// <summary>What the next token of a trace belongs to.</summary>
public enum TraceContext
{
    /// <summary>One token: the main line, or what follows a block within a path.</summary>
    Text,

    /// <summary>A token for each open path.</summary>
    Paths,

    /// <summary>One token: a summary.</summary>
    Summary,
}
