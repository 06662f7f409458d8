using System.Text;

namespace ParallelR1.Tokenization;

/// <summary>
/// Decodes ids one by one and gives out all that can be decided: complete characters, and U+FFFD for what can no longer become one.
/// Bytes that can still become a character wait. Not safe for several threads; make one for each stream.
/// </summary>
public sealed class StreamDecoder
{
    private readonly Tokenizer _tokenizer;
    private readonly bool _skipSpecial;
    private readonly Decoder _decoder = new UTF8Encoding(false, throwOnInvalidBytes: false).GetDecoder();

    internal StreamDecoder(Tokenizer tokenizer, bool skipSpecial)
    {
        _tokenizer = tokenizer;
        _skipSpecial = skipSpecial;
    }

    /// <summary>The text that the next id completes; may be empty.</summary>
    public string Push(int id) => _skipSpecial && _tokenizer.IsSpecial(id) ? "" : Decode(_tokenizer.BytesOf(id), flush: false);

    /// <summary>At the end: U+FFFD where a character stayed incomplete, else nothing. The decoder can be used again.</summary>
    public string Flush() => Decode([], flush: true);

    private string Decode(ReadOnlySpan<byte> bytes, bool flush)
    {
        Span<char> small = stackalloc char[128];
        // A byte gives at most one UTF-16 unit, and what waited at most two more.
        var room = bytes.Length + 4;
        var units = room <= small.Length ? small : new char[room];
        return new string(units[.._decoder.GetChars(bytes, units, flush)]);
    }
}
