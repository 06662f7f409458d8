namespace ParallelR1.Tokenization;

/// <summary>A step of pre-tokenisation: splits a text into adjacent pieces. Stateless and thread-safe.</summary>
internal abstract class SplitStage
{
    /// <summary>Gets whether a space is added before a text that does not begin with one.</summary>
    public virtual bool AddsPrefixSpace => false;

    /// <summary>Gets the end of the piece that begins at <paramref name="start"/> (always greater), and whether the piece is kept.</summary>
    public abstract int PieceEnd(ReadOnlySpan<char> text, int start, out bool keep);
}

/// <summary><c>ByteLevel</c> without its pattern: does not split the text.</summary>
internal sealed class WholeStage(bool addPrefixSpace) : SplitStage
{
    public override bool AddsPrefixSpace => addPrefixSpace;

    public override int PieceEnd(ReadOnlySpan<char> text, int start, out bool keep)
    {
        keep = true;
        return text.Length;
    }
}

/// <summary><c>Digits</c>: splits numbers (any <c>\p{N}</c>) from other text, optionally into single characters.</summary>
internal sealed class DigitsStage(bool individual) : SplitStage
{
    public override int PieceEnd(ReadOnlySpan<char> text, int start, out bool keep)
    {
        keep = true;
        var isNumber = CharacterClass.At(text, start, out var units) == CharacterClass.Number;
        var end = start + units;
        if (isNumber)
            return individual ? end : CharacterClass.RunEnd(text, end, CharacterClass.Number);
        while (end < text.Length && CharacterClass.At(text, end, out units) != CharacterClass.Number)
            end += units;
        return end;
    }
}

/// <summary>White space, common to both hand-written word patterns.</summary>
internal abstract class WordPatternStage : SplitStage
{
    /// <summary>Matches <c>\s+(?!\S)|\s+</c>: a run of white space without its last character, or the whole run at the end of the text.</summary>
    protected static int SpaceEnd(ReadOnlySpan<char> text, int start)
    {
        var end = CharacterClass.RunEnd(text, start, CharacterClass.Space);
        return end == text.Length || end == start + 1 ? end : end - 1;
    }
}
