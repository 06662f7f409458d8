namespace ParallelR1.Tokenization;

/// <summary>Builds a list of merges from the texts of their parts; every part and every result must be in the vocabulary.</summary>
internal sealed class MergeListBuilder(Dictionary<string, int> vocabulary)
{
    private readonly List<(int Left, int Right, int Result)> _merges = [];
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _ids = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();

    public int Count => _merges.Count;

    public IReadOnlyList<(int Left, int Right, int Result)> Merges => _merges;

    /// <summary>Adds a merge spelled <c>a b</c>.</summary>
    public void AddLine(string line)
    {
        if (IsVersion(line))
            return;
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        if (space <= 0 || space == line.Length - 1 || line.IndexOf(' ', space + 1) >= 0)
            throw new InputException($"tokenizer: merge {Count} should be two tokens with a space between them, found \"{line}\"");
        Add(line.AsSpan(0, space), line.AsSpan(space + 1));
    }

    /// <summary>Adds a merge of two tokens.</summary>
    public void Add(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        if (!IsVersion(left))
            _merges.Add((IdOf(left), IdOf(right), IdOf(string.Concat(left, right))));
    }

    /// <summary>Returns whether a line is the header of merges.txt (<c>#version: 0.2</c>), which some converters copy.</summary>
    private bool IsVersion(ReadOnlySpan<char> line) => Count == 0 && line.StartsWith("#version");

    private int IdOf(ReadOnlySpan<char> token) => _ids.TryGetValue(token, out var id)
        ? id
        : throw new InputException($"tokenizer: merge {Count} refers to \"{token}\", which is not in the vocabulary");
}
