using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ParallelR1.Thinking;

/// <summary>A branch of a growing trace: the main line, or a path. Its tokens see what preceded it when it was forked, and its own rows.</summary>
public sealed class Branch
{
    private readonly List<TokenRange> _own = [];
    private int _pageEnd;

    internal Branch(int path, int next, int criticalLength, ImmutableArray<TokenRange> before) =>
        (Path, Next, CriticalLength, Before) = (path, next, criticalLength, before);

    /// <summary>Gets the index of the path within its block; −1 for the main line.</summary>
    public int Path { get; }

    /// <summary>Gets whether its <c>&lt;/Path&gt;</c> has been appended.</summary>
    public bool IsClosed { get; internal set; }

    /// <summary>Gets the number of tokens sampled so far, not counting a sampled <c>&lt;/Path&gt;</c>.</summary>
    public int SampledTokens { get; internal set; }

    /// <summary>Gets the length of the critical path through its last token: the prompt, the main line, and the longest path of each block.</summary>
    public int CriticalLength { get; internal set; }

    /// <summary>Gets the row ranges before the branch that its tokens see, in the order of the written text.</summary>
    internal ImmutableArray<TokenRange> Before { get; }

    /// <summary>Gets the row ranges after <see cref="Before"/>: its own, and those of blocks that were joined into it.</summary>
    internal ReadOnlySpan<TokenRange> Own => CollectionsMarshal.AsSpan(_own);

    /// <summary>Gets or sets the position of its next token.</summary>
    internal int Next { get; set; }

    /// <summary>Gets its tokens, and those of blocks that were joined into it, in the order of the written text.</summary>
    internal List<int> Tokens { get; } = [];

    /// <summary>Gets the index of its first token in the order of appending.</summary>
    internal int FirstToken => Tokens[0];

    /// <summary>Gets the row of its last token; −1 before the first.</summary>
    internal int LastRow { get; private set; } = -1;

    /// <summary>Gets the next row of its current page; null if the page is full.</summary>
    internal int? RoomInPage => LastRow + 1 < _pageEnd ? LastRow + 1 : null;

    /// <summary>Gets the row ranges that a branch forked here sees.</summary>
    internal ImmutableArray<TokenRange> Seen() => [.. Before, .. _own];

    internal void Add(int row)
    {
        Debug.Assert(row < _pageEnd, "A branch writes rows of its own page.");
        if (_own.Count > 0 && _own[^1].End == row && row == LastRow + 1)
            _own[^1] = _own[^1] with { End = row + 1 };
        else
            _own.Add(new TokenRange(row, row + 1));
        LastRow = row;
    }

    internal void AddGiven(TokenRange rows)
    {
        if (rows.Length == 0)
            return;
        _own.Add(rows);
        LastRow = rows.End - 1;
    }

    /// <summary>Gets the distinct pages of its rows, starting with row <paramref name="given"/>.</summary>
    internal IEnumerable<int> PagesFrom(int given) => _own
        .SelectMany(range => Enumerable.Range(range.Start, range.Length))
        .Where(row => row >= given)
        .Select(row => row / TraceBuilder.PageSize)
        .Distinct();

    /// <summary>Starts a new page: the branch may write rows below <paramref name="end"/>.</summary>
    internal void TakePage(int end) => _pageEnd = end;

    /// <summary>Makes a closed path visible to the tokens that follow (Unseen): appends its row ranges, without copying rows.</summary>
    internal void Join(Branch path)
    {
        Debug.Assert(path.IsClosed, "A block is joined when its paths are closed.");
        _own.AddRange(path._own);
    }
}

/// <summary>A token to be run through the model: the row of its key and value, its position, and what it sees.</summary>
/// <param name="Id">Token id.</param>
/// <param name="Row">The row that holds its key and value. Rows are allocated in pages of <see cref="TraceBuilder.PageSize"/>; a page belongs to one branch.</param>
/// <param name="Position">Position id.</param>
/// <param name="Predictor">The row whose output predicts the token; −1 for none.</param>
/// <param name="Token">Its index in the order of appending.</param>
/// <param name="Branch">The branch that it belongs to.</param>
/// <param name="Ranges">Number of row ranges of the branch that it sees; the last range extends through its own row.</param>
internal readonly record struct TraceRow(int Id, int Row, int Position, int Predictor, int Token, Branch Branch, int Ranges)
{
    /// <summary>Appends the row ranges that the token sees, including its own row, in the order of the written text.</summary>
    public void CopySeen(ICollection<TokenRange> ranges)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        foreach (var range in Branch.Before)
            ranges.Add(range);
        var own = Branch.Own;
        for (var i = 0; i < Ranges - 1; i++)
            ranges.Add(own[i]);
        Debug.Assert(own[Ranges - 1].Start <= Row && Row < own[Ranges - 1].End, "A token's row lies in the last range that it sees.");
        ranges.Add(new TokenRange(own[Ranges - 1].Start, Row + 1));
    }
}
