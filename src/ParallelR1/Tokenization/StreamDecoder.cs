using System.Text;

namespace ParallelR1.Tokenization;

/// <summary>
/// Decodes ids one by one: returns complete characters, and U+FFFD for invalid bytes. Incomplete characters are buffered.
/// Not thread-safe; use one per stream.
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

    /// <summary>Decodes the next id and returns the text that it completes, possibly empty.</summary>
    public string Push(int id) => _skipSpecial && _tokenizer.IsSpecial(id) ? "" : Decode(_tokenizer.BytesOf(id), flush: false);

    /// <summary>Ends the stream: returns U+FFFD if a character is incomplete, otherwise an empty text. The decoder can be reused.</summary>
    public string Flush() => Decode([], flush: true);

    private string Decode(ReadOnlySpan<byte> bytes, bool flush)
    {
        Span<char> small = stackalloc char[128];
        // A byte gives at most one UTF-16 code unit, and the buffered bytes at most two more.
        var room = bytes.Length + 4;
        var units = room <= small.Length ? small : new char[room];
        return new string(units[.._decoder.GetChars(bytes, units, flush)]);
    }
}
