namespace ParallelR1.Tokenization;

/// <summary>
/// The pattern of GPT-4, Llama 3 (up to three digits) and Qwen (single digits), matched by hand in linear time:
/// <c>(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>.
/// </summary>
internal sealed class TiktokenStage(int digits) : WordPatternStage
{
    public const string LlamaPattern = Head + @"\p{N}{1,3}" + Tail;
    public const string QwenPattern = Head + @"\p{N}" + Tail;

    private const string Head = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|";
    private const string Tail = @"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    public override int PieceEnd(ReadOnlySpan<char> text, int start, out bool keep)
    {
        keep = true;
        var contraction = ContractionLength(text[start..]);
        if (contraction > 0)
            return start + contraction;
        var kind = CharacterClass.At(text, start, out var units);
        if (kind == CharacterClass.Letter)
            return CharacterClass.RunEnd(text, start, CharacterClass.Letter);
        if (kind == CharacterClass.Number)
            return DigitsEnd(text, start);

        var second = start + units;
        var follows = second < text.Length ? CharacterClass.At(text, second, out _) : CharacterClass.Space;
        if (follows == CharacterClass.Letter && !IsLineEnd(text[start]))
            return CharacterClass.RunEnd(text, second, CharacterClass.Letter);
        if (kind == CharacterClass.Other)
            return MarksEnd(text, start);
        if (text[start] == ' ' && follows == CharacterClass.Other)
            return MarksEnd(text, second);
        return WhiteEnd(text, start);
    }

    private int DigitsEnd(ReadOnlySpan<char> text, int start)
    {
        for (var i = 0; i < digits && start < text.Length; i++)
        {
            if (CharacterClass.At(text, start, out var units) != CharacterClass.Number)
                break;
            start += units;
        }

        return start;
    }

    private static int MarksEnd(ReadOnlySpan<char> text, int start)
    {
        var end = CharacterClass.RunEnd(text, start, CharacterClass.Other);
        while (end < text.Length && IsLineEnd(text[end]))
            end++;
        return end;
    }

    private static int WhiteEnd(ReadOnlySpan<char> text, int start)
    {
        var end = CharacterClass.RunEnd(text, start, CharacterClass.Space);
        var line = text[start..end].LastIndexOfAny('\r', '\n');
        if (line >= 0)
            return start + line + 1;
        return end == text.Length || end == start + 1 ? end : end - 1;
    }

    private static bool IsLineEnd(char unit) => unit is '\r' or '\n';

    private static int ContractionLength(ReadOnlySpan<char> text)
    {
        if (text.Length < 2 || text[0] != '\'')
            return 0;
        // U+017F, the long s, matches s when case is ignored.
        if (text[1] is 's' or 'S' or '\u017F' or 't' or 'T' or 'm' or 'M' or 'd' or 'D')
            return 2;
        return text.Length > 2 && ((char)(text[1] | 0x20), (char)(text[2] | 0x20)) is ('r', 'e') or ('v', 'e') or ('l', 'l')
            && char.IsAsciiLetter(text[1]) && char.IsAsciiLetter(text[2]) ? 3 : 0;
    }
}
