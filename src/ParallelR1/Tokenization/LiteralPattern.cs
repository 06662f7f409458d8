namespace ParallelR1.Tokenization;

/// <summary>A fixed text to look for.</summary>
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
