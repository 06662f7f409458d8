namespace ParallelR1.Tokenization;

/// <summary>Something to look for in a text.</summary>
internal interface IPattern
{
    /// <summary>The first match that begins at or after <paramref name="from"/> and before the end; false where there is none. It may be empty.</summary>
    bool Find(ReadOnlySpan<char> text, int from, out int start, out int end);
}
