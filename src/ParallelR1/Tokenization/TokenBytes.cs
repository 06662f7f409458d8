using System.Text;

namespace ParallelR1.Tokenization;

/// <summary>The bytes of every token, one behind the other.</summary>
internal sealed class TokenBytes
{
    private readonly byte[] _bytes;
    private readonly int[] _ends;

    /// <param name="tokens">By id: the vocabulary's entry or null.</param>
    /// <param name="added">By id: the added token, whose text stands for itself.</param>
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

    /// <summary>The bytes of a token; none for an id without one.</summary>
    public ReadOnlySpan<byte> Of(int id)
    {
        if ((uint)id >= (uint)_ends.Length)
            return [];
        var start = id == 0 ? 0 : _ends[id - 1];
        return _bytes.AsSpan(start, _ends[id] - start);
    }
}
