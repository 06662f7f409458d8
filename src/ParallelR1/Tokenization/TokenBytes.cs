using System.Text;

namespace ParallelR1.Tokenization;

/// <summary>The concatenated bytes of all tokens.</summary>
internal sealed class TokenBytes
{
    private readonly byte[] _bytes;
    private readonly int[] _ends;

    /// <summary>Creates the table.</summary>
    /// <param name="tokens">Vocabulary entry by id, or null.</param>
    /// <param name="added">Added token by id; its bytes are those of its text.</param>
    public TokenBytes(string?[] tokens, IReadOnlyDictionary<int, AddedToken> added)
    {
        var bytes = new List<byte>();
        _ends = new int[tokens.Length];
        for (var id = 0; id < tokens.Length; id++)
        {
            if (added.TryGetValue(id, out var token))
                bytes.AddRange(Encoding.UTF8.GetBytes(token.Content));
            else if (tokens[id] is { } text)
                bytes.AddRange(ByteAlphabet.ToBytes(text) ?? Encoding.UTF8.GetBytes(text));
            _ends[id] = bytes.Count;
        }

        _bytes = [.. bytes];
    }

    /// <summary>Gets the bytes of a token; empty for an id without a token.</summary>
    public ReadOnlySpan<byte> Of(int id)
    {
        if ((uint)id >= (uint)_ends.Length)
            return [];
        var start = id == 0 ? 0 : _ends[id - 1];
        return _bytes.AsSpan(start, _ends[id] - start);
    }
}
