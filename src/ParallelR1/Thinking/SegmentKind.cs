namespace ParallelR1.Thinking;

/// <summary>What a run of tokens is part of.</summary>
public enum SegmentKind
{
    /// <summary>The prompt; tags in it are text.</summary>
    Prompt,

    /// <summary>The main line of the response, with the <c>&lt;Parallel&gt;</c> and <c>&lt;/Parallel&gt;</c> of its blocks.</summary>
    Main,

    /// <summary>A path, both tags included; with the <c>&lt;Parallel&gt;</c> and <c>&lt;/Parallel&gt;</c> of blocks nested in it.</summary>
    Path,

    /// <summary>A block's summary, both tags included.</summary>
    Summary,
}
