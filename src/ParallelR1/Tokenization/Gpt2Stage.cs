namespace ParallelR1.Tokenization;

/// <summary>
/// GPT-2's pattern, matched by hand in linear time:
/// <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>.
/// </summary>
internal sealed class Gpt2Stage(bool addPrefixSpace) : WordPatternStage
{
    public const string Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    public override bool AddsPrefixSpace => addPrefixSpace;

    public override int PieceEnd(ReadOnlySpan<char> text, int start, out bool keep)
    {
        keep = true;
        var contraction = ContractionLength(text[start..]);
        if (contraction > 0)
            return start + contraction;
        var word = text[start] == ' ' && start + 1 < text.Length ? start + 1 : start;
        var kind = CharacterClass.At(text, word, out var units);
        return kind == CharacterClass.Space ? SpaceEnd(text, start) : CharacterClass.RunEnd(text, word + units, kind);
    }

    private static int ContractionLength(ReadOnlySpan<char> text)
    {
        if (text.Length < 2 || text[0] != '\'')
            return 0;
        if (text[1] is 's' or 't' or 'm' or 'd')
            return 2;
        return text.Length > 2 && (text[1], text[2]) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;
    }
}
