namespace ParallelR1.Tokenization;

/// <summary>The steps of a compiled pattern.</summary>
internal enum RegexInstructionKind
{
    Match,
    Set,
    Jump,
    Split,
    Start,
    End,
    Look,
    Atomic,
}
