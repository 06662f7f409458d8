namespace ParallelR1.Tokenization;

/// <summary>A token that is found in the text before BPE.</summary>
internal sealed record AddedToken(int Id, string Content)
{
    /// <summary>Left out when decoding without specials.</summary>
    public bool Special { get; init; }

    /// <summary>Looked for in the normalised text instead of the raw one.</summary>
    public bool Normalized { get; init; }

    /// <summary>Takes the white space on its left with it.</summary>
    public bool LeftStrip { get; init; }

    /// <summary>Takes the white space on its right with it.</summary>
    public bool RightStrip { get; init; }

    /// <summary>Counts only where no word character touches it.</summary>
    public bool SingleWord { get; init; }
}
