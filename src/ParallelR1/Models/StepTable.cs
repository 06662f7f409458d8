using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ParallelR1.Models;

/// <summary>
/// What goes through a decoder in one step: for each row a token, its position, the row of the pool that its key and value go to, the ranges of
/// the pool that it sees, and whether its logits are wanted.
/// </summary>
/// <remarks>
/// A row of the pool is page · page size + entry. A range lies on one page; a row sees its own entry too, so that is in its last range. Two
/// rows of one sequence, of which the second sees the first, pages of 16, the prompt's 20 entries on pages 3 and 7:
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

    /// <summary>Gets the rows of the pool that keys and values go to.</summary>
    public ReadOnlySpan<int> Rows => CollectionsMarshal.AsSpan(_rows);

    /// <summary>Gets the first range of each row, then the number of ranges.</summary>
    public ReadOnlySpan<int> FirstRanges => CollectionsMarshal.AsSpan(_first);

    /// <summary>Gets the ranges: start and count, one after the other.</summary>
    public ReadOnlySpan<int> Ranges => CollectionsMarshal.AsSpan(_ranges);

    /// <summary>Gets the rows whose logits are wanted, in the order in which the logits come.</summary>
    public ReadOnlySpan<int> Wanted => CollectionsMarshal.AsSpan(_wanted);

    /// <summary>Adds a range to what the row that is added next sees.</summary>
    public void See(int start, int count)
    {
        Debug.Assert(start >= 0 && count > 0, "A range holds entries of the pool.");
        _ranges.Add(start);
        _ranges.Add(count);
    }

    /// <summary>Adds a row that sees the ranges added since the row before.</summary>
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
