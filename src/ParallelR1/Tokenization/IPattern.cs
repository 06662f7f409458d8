namespace ParallelR1.Tokenization;

/// <summary>Something to look for in a text.</summary>
internal interface IPattern
{
    /// <summary>The first match at or after <paramref name="from"/> that is not empty; false where there is none.</summary>
    bool Find(ReadOnlySpan<char> text, int from, out int start, out int end);
}
