namespace ParallelR1.Tokenization;

/// <summary>Unicode normalisation form C or D, by our own tables: the product runs without ICU, where .NET's does nothing.</summary>
internal sealed class CanonicalNormalizer(bool compose) : INormalizer
{
    private const char FirstThatMatters = '\u00C0';

    public string Normalize(string text)
    {
        // Below U+0300 everything is its own form C; below U+00C0 also its own form D.
        var limit = compose ? '\u0300' : FirstThatMatters;
        return text.AsSpan().IndexOfAnyExceptInRange('\0', (char)(limit - 1)) < 0 ? text : CanonicalForm.Convert(text, compose);
    }
}
