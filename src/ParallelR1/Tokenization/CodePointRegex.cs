namespace ParallelR1.Tokenization;

/// <summary>A pattern of a Split step that has no matcher of its own.</summary>
internal sealed class CodePointRegex : IPattern
{
    public CodePointRegex(string pattern) =>
        throw new InputException($"tokenizer.json: pre_tokenizer has a pattern that is not supported: {pattern}");

    public bool Find(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        start = end = from;
        return false;
    }
}
