namespace ParallelR1.Thinking;

/// <summary>What <see cref="TraceReader"/> is in.</summary>
internal enum ReaderState
{
    /// <summary>The main line or the text of a path.</summary>
    Text,

    /// <summary>After <c>&lt;Parallel&gt;</c>, or after a <c>&lt;/Path&gt;</c> of the block.</summary>
    Block,

    /// <summary>A summary.</summary>
    Summary,
}
