namespace ParallelR1.Tokenization;

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
