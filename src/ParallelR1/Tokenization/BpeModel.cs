using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;

namespace ParallelR1.Tokenization;

/// <summary>A byte-level BPE model: converts pieces of text to ids. Thread-safe.</summary>
internal sealed class BpeModel
{
    private const int CacheEntries = 1 << 16;
    private const int CachedLength = 48;

    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _ids;
    private readonly int[] _byteIds = new int[256];
    private readonly MergeTable _merges;
    private readonly bool _ignoreMerges;
    private readonly int _unknown;
    private readonly bool _fuseUnknown;
    private readonly ConcurrentDictionary<string, int[]> _cache = new();
    private readonly ConcurrentDictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _cached;
    private int _cacheCount;

    /// <param name="vocabulary">Entries in the byte alphabet with their ids.</param>
    /// <param name="merges">Pairs of ids with the id of their result, best first.</param>
    /// <param name="options">The other options of the model in the file.</param>
    public BpeModel(Dictionary<string, int> vocabulary, IReadOnlyList<(int Left, int Right, int Result)> merges, BpeModelOptions options)
    {
        _ids = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        _cached = _cache.GetAlternateLookup<ReadOnlySpan<char>>();
        _merges = new MergeTable(merges);
        _ignoreMerges = options.IgnoreMerges;
        _unknown = options.UnknownId ?? -1;
        _fuseUnknown = options.FuseUnknown;
        for (var b = 0; b < 256; b++)
            _byteIds[b] = vocabulary.TryGetValue(ByteAlphabet.CharOf((byte)b).ToString(), out var id) ? id : -1;
    }

    /// <summary>Appends the ids of one piece. Bytes without a symbol become the unknown token, or are dropped if there is none.</summary>
    public void Encode(ReadOnlySpan<char> piece, List<int> ids)
    {
        if (piece.Length <= CachedLength && _cached.TryGetValue(piece, out var known))
        {
            ids.AddRange(known);
            return;
        }

        var start = ids.Count;
        EncodeNew(piece, ids);
        if (piece.Length <= CachedLength && Volatile.Read(ref _cacheCount) < CacheEntries)
        {
            Interlocked.Increment(ref _cacheCount);
            _cached[piece] = ids.GetRange(start, ids.Count - start).ToArray();
        }
    }

    private void EncodeNew(ReadOnlySpan<char> piece, List<int> ids)
    {
        var length = Encoding.UTF8.GetByteCount(piece);
        byte[]? rentedBytes = null;
        int[]? rentedSymbols = null;
        var bytes = length <= 256 ? stackalloc byte[256] : rentedBytes = ArrayPool<byte>.Shared.Rent(length);
        var symbols = length <= 256 ? stackalloc int[256] : rentedSymbols = ArrayPool<int>.Shared.Rent(length);
        bytes = bytes[..Encoding.UTF8.GetBytes(piece, bytes)];
        if (!_ignoreMerges || !TryWhole(bytes, ids))
        {
            var count = BpeMerger.Merge(_merges, symbols[..ToSymbols(bytes, symbols)]);
            ids.AddRange((ReadOnlySpan<int>)symbols[..count]);
        }

        if (rentedBytes is not null)
            ArrayPool<byte>.Shared.Return(rentedBytes);
        if (rentedSymbols is not null)
            ArrayPool<int>.Shared.Return(rentedSymbols);
    }

    private bool TryWhole(ReadOnlySpan<byte> bytes, List<int> ids)
    {
        // No real vocabulary has entries of this length; the piece is then merged the ordinary way.
        if (bytes.Length > 1024)
            return false;
        Span<char> text = stackalloc char[1024];
        ByteAlphabet.Fill(text, bytes);
        if (!_ids.TryGetValue(text[..bytes.Length], out var id))
            return false;
        ids.Add(id);
        return true;
    }

    private int ToSymbols(ReadOnlySpan<byte> bytes, Span<int> symbols)
    {
        var count = 0;
        var fused = false;
        foreach (var b in bytes)
        {
            var id = _byteIds[b];
            if (id >= 0)
            {
                symbols[count++] = id;
                fused = false;
            }
            else if (_unknown >= 0 && !(fused && _fuseUnknown))
            {
                symbols[count++] = _unknown;
                fused = true;
            }
        }

        return count;
    }
}

/// <summary>Options of the BPE model in a tokenizer.json, beside vocabulary and merges.</summary>
/// <param name="IgnoreMerges">Whether a piece that is itself in the vocabulary becomes one token without merging.</param>
/// <param name="UnknownId">The id for bytes without a symbol; null to drop them.</param>
/// <param name="FuseUnknown">Whether adjacent unknown bytes become one id.</param>
internal sealed record BpeModelOptions(bool IgnoreMerges, int? UnknownId, bool FuseUnknown);

/// <summary>Reads the options in <c>model</c> beside vocabulary and merges, and rejects unsupported ones.</summary>
internal static class BpeModelOptionsReader
{
    public static BpeModelOptions Read(TokenizerDefinition definition)
    {
        var node = definition.Shell["model"];
        var model = ComponentReader.Of("model", node);
        if (node!["dropout"] is JsonValue dropout && (!dropout.TryGetValue<double>(out var share) || share != 0))
            throw model.Wrong("dropout", "null (random merges are not supported)");
        RequireEmpty("continuing_subword_prefix");
        RequireEmpty("end_of_word_suffix");
        if (model.Flag("byte_fallback", absent: false))
            throw model.Wrong("byte_fallback", "false (only byte-level BPE is supported)");
        int? unknown = null;
        if (node["unk_token"] is not null)
        {
            unknown = definition.Vocabulary.TryGetValue(model.Text("unk_token"), out var id)
                ? id
                : throw model.Wrong("unk_token", "a token of the vocabulary");
        }

        return new BpeModelOptions(model.Flag("ignore_merges", absent: false), unknown, model.Flag("fuse_unk", absent: false));

        void RequireEmpty(string name)
        {
            if (node[name] is not null && model.Text(name).Length > 0)
                throw model.Wrong(name, "empty (only byte-level BPE is supported)");
        }
    }
}
