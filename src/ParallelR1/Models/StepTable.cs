using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ParallelR1.Models;

/// <summary>
/// The input of a decoder in one decode step: for each row a token, its position, the row of the pool for its key and value, the ranges of
/// the pool that it sees, and whether its logits are needed.
/// </summary>
/// <remarks>
/// A row of the pool is page · page size + entry. A range lies within one page; a row also sees its own entry, which is in its last range.
/// Example: two rows of one sequence, the second of which sees the first; pages of 16; the prompt's 20 entries are on pages 3 and 7:
/// <code>
/// token  position  row   sees (start, count)
/// 42     20        116   (48, 16) (112, 5)
/// 17     21        117   (48, 16) (112, 6)     wanted
/// </code>
/// </remarks>
internal sealed class StepTable
{
    private readonly List<int> _tokens = [], _positions = [], _rows = [], _first = [0], _ranges = [], _wanted = [];

    /// <summary>Gets the number of rows.</summary>
    public int Count => _tokens.Count;

    /// <summary>Gets the largest position.</summary>
    public int LastPosition { get; private set; }

    /// <summary>Gets the token ids.</summary>
    public ReadOnlySpan<int> Tokens => CollectionsMarshal.AsSpan(_tokens);

    /// <summary>Gets the position ids.</summary>
    public ReadOnlySpan<int> Positions => CollectionsMarshal.AsSpan(_positions);

    /// <summary>Gets the rows of the pool for keys and values.</summary>
    public ReadOnlySpan<int> Rows => CollectionsMarshal.AsSpan(_rows);

    /// <summary>Gets the index of the first range of each row, then the number of ranges.</summary>
    public ReadOnlySpan<int> FirstRanges => CollectionsMarshal.AsSpan(_first);

    /// <summary>Gets the ranges as alternating starts and counts.</summary>
    public ReadOnlySpan<int> Ranges => CollectionsMarshal.AsSpan(_ranges);

    /// <summary>Gets the rows whose logits are needed, in the order in which the logits are returned.</summary>
    public ReadOnlySpan<int> Wanted => CollectionsMarshal.AsSpan(_wanted);

    /// <summary>Adds a range to those that the next row sees.</summary>
    public void See(int start, int count)
    {
        Debug.Assert(start >= 0 && count > 0, "A range holds entries of the pool.");
        _ranges.Add(start);
        _ranges.Add(count);
    }

    /// <summary>Adds a row, which sees the ranges added since the previous row.</summary>
    public void Add(int token, int position, int row, bool wanted)
    {
        Debug.Assert(_ranges.Count / 2 > _first[^1], "A row sees at least itself.");
        if (wanted)
            _wanted.Add(_tokens.Count);
        _tokens.Add(token);
        _positions.Add(position);
        _rows.Add(row);
        _first.Add(_ranges.Count / 2);
        LastPosition = Math.Max(LastPosition, position);
    }

    /// <summary>Empties the table.</summary>
    public void Clear()
    {
        foreach (var list in (ReadOnlySpan<List<int>>)[_tokens, _positions, _rows, _first, _ranges, _wanted])
            list.Clear();
        _first.Add(0);
        LastPosition = 0;
    }
}
