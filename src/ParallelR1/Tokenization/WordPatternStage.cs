namespace ParallelR1.Tokenization;

/// <summary>What the two hand-written word patterns share: white space.</summary>
internal abstract class WordPatternStage : SplitStage
{
    /// <summary><c>\s+(?!\S)|\s+</c>: a run of white space leaves its last character to what follows, unless nothing does.</summary>
    protected static int SpaceEnd(ReadOnlySpan<char> text, int start)
    {
        var end = CharacterClass.RunEnd(text, start, CharacterClass.Space);
        return end == text.Length || end == start + 1 ? end : end - 1;
    }
}
