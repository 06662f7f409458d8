namespace ParallelR1.Tokenization;

/// <summary>One step of pre-tokenisation: cuts a text into pieces that lie side by side. Stateless and safe for any number of threads.</summary>
internal abstract class SplitStage
{
    /// <summary>A space is put before a text that does not begin with one.</summary>
    public virtual bool AddsPrefixSpace => false;

    /// <summary>Where the piece that begins at <paramref name="start"/> ends (always behind it), and whether it is kept.</summary>
    public abstract int PieceEnd(ReadOnlySpan<char> text, int start, out bool keep);
}

/// <summary><c>ByteLevel</c> without its pattern: the text stays in one piece.</summary>
internal sealed class WholeStage(bool addPrefixSpace) : SplitStage
{
    public override bool AddsPrefixSpace => addPrefixSpace;

    public override int PieceEnd(ReadOnlySpan<char> text, int start, out bool keep)
    {
        keep = true;
        return text.Length;
    }
}

/// <summary><c>Digits</c>: numbers (any <c>\p{N}</c>) apart from the rest, each character by itself if wanted.</summary>
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
