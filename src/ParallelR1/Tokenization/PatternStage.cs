namespace ParallelR1.Tokenization;

/// <summary>The pre-tokenizer <c>Split</c> with any pattern and behaviour.</summary>
internal sealed class PatternStage(IPattern pattern, SplitBehavior behavior, bool invert) : SplitStage
{
    public override int PieceEnd(ReadOnlySpan<char> text, int start, out bool keep)
    {
        keep = true;
        var end = SegmentEnd(text, start, out var isMatch);
        switch (behavior)
        {
            case SplitBehavior.Removed:
                keep = !isMatch;
                return end;
            case SplitBehavior.MergedWithPrevious when !isMatch && end < text.Length:
            case SplitBehavior.MergedWithNext when isMatch && end < text.Length:
                var next = SegmentEnd(text, end, out var nextIsMatch);
                return nextIsMatch != isMatch ? next : end;
            case SplitBehavior.Contiguous:
                while (end < text.Length)
                {
                    var further = SegmentEnd(text, end, out var sameKind);
                    if (sameKind != isMatch)
                        break;
                    end = further;
                }

                return end;
            default:
                return end;
        }
    }

    /// <summary>The end of the match that begins at <paramref name="start"/>, or of the gap before the next one. An empty match ends a gap.</summary>
    private int SegmentEnd(ReadOnlySpan<char> text, int start, out bool isMatch)
    {
        isMatch = invert;
        for (var at = start; at < text.Length && pattern.Find(text, at, out var from, out var to); at = from + 1)
        {
            if (from > start)
                return from;
            if (to > from)
            {
                isMatch = !invert;
                return to;
            }

            // An empty match at the start of the segment, where the text is already split.
            if (char.IsHighSurrogate(text[from]) && from + 1 < text.Length && char.IsLowSurrogate(text[from + 1]))
                from++;
        }

        return text.Length;
    }
}

/// <summary>A pattern that is searched for in a text.</summary>
internal interface IPattern
{
    /// <summary>Finds the first match that begins at or after <paramref name="from"/> and before the end; false if there is none. A match may be empty.</summary>
    bool Find(ReadOnlySpan<char> text, int from, out int start, out int end);
}

/// <summary>A literal text as a pattern.</summary>
internal sealed class LiteralPattern(string literal) : IPattern
{
    public bool Find(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        var at = literal.Length == 0 ? -1 : text[from..].IndexOf(literal, StringComparison.Ordinal);
        start = from + at;
        end = start + literal.Length;
        return at >= 0;
    }
}

/// <summary>The treatment of matches by <c>Split</c>.</summary>
internal enum SplitBehavior
{
    Isolated,
    Removed,
    MergedWithPrevious,
    MergedWithNext,
    Contiguous,
}
