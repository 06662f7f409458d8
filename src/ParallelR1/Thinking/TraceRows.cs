using System.Collections.Immutable;
using System.Diagnostics;

namespace ParallelR1.Thinking;

/// <summary>
/// A trace as rows of a model's input, so that every token is scored in its context. Each row has a token, a position and the rows it
/// sees; each token has a row that predicts it. The only input of training, prefill and scoring.
/// </summary>
/// <remarks>
/// Plain and Unseen have one row per token. Seen has more: the trace once in plain order, then each path that is not the first of its
/// block again, in the context in which it is decoded.
/// <code>
/// token                0       1           2       3    4        5       6    7        8            9
///                      Hm      &lt;Parallel&gt;  &lt;Path&gt;  x    &lt;/Path&gt;  &lt;Path&gt;  y    &lt;/Path&gt;  &lt;/Parallel&gt;  so
/// Unseen  position     0       1           2       3    4        2       3    4        5            6
///         sees         0-0     0-1         0-2     0-3  0-4      0-1,5   …    0-1,5-7  0-8          0-9
///         predicted by -       0           1       2    3        1       5    6        7            8
/// Seen    row          0       1           2       3    4        10      11   12       8            9
///         position     0       1           2       3    4        2       3    4        8            9
///         predicted by -       0           1       2    3        1       10   11       7            8
/// </code>
/// (Seen also has rows 5 to 7: the second path in plain order, which what follows the block sees.)
/// </remarks>
public sealed partial class TraceRows
{
    private readonly int[] _ids;
    private readonly int[] _tokens;
    private readonly int[] _positions;
    private readonly VisibleRun[] _runs;
    private readonly int[] _predictors;

    private TraceRows(int[] ids, int promptLength, int[] tokens, int[] positions, VisibleRun[] runs, int[] predictors)
    {
        Debug.Assert(tokens.Length == positions.Length && predictors.Length == ids.Length, "A token and a position for each row, a predictor for each token.");
        (_ids, _tokens, _positions, _runs, _predictors) = (ids, tokens, positions, runs, predictors);
        PromptLength = promptLength;
    }

    /// <summary>Gets the number of rows.</summary>
    public int Length => _tokens.Length;

    /// <summary>Gets the token ids of prompt and response [tokens].</summary>
    public ReadOnlySpan<int> Ids => _ids;

    /// <summary>Gets the number of prompt tokens; they are the first rows, in order.</summary>
    public int PromptLength { get; }

    /// <summary>Gets the index of each row's token.</summary>
    public ReadOnlySpan<int> Tokens => _tokens;

    /// <summary>Gets the position id of each row.</summary>
    public ReadOnlySpan<int> Positions => _positions;

    /// <summary>Gets what the rows see: maximal runs of rows that share the same earlier rows; together all rows, in order.</summary>
    public IReadOnlyList<VisibleRun> Runs => _runs;

    /// <summary>Gets the rows of its own run that a row sees, including itself.</summary>
    /// <param name="run">Index in <see cref="Runs"/> of the run that holds the row.</param>
    /// <param name="row">The row.</param>
    public TokenRange OwnColumns(int run, int row) => new(_runs[run].Start, row + 1);

    /// <summary>
    /// Gets, for each token, the row whose output predicts it; −1 for the first token. The first token of every path is predicted by its
    /// block's <c>&lt;Parallel&gt;</c>, any other token by the one before it.
    /// </summary>
    public ReadOnlySpan<int> Predictors => _predictors;

    /// <summary>Lays out a trace with ordinary positions and causal attention, as for Seen training and for models without tags.</summary>
    /// <param name="ids">Token ids of prompt and response.</param>
    /// <param name="promptLength">Number of tokens of the prompt.</param>
    public static TraceRows Plain(int[] ids, int promptLength)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return OneRowEach(ids, TraceLayout.Causal(ids.Length, promptLength));
    }

    /// <summary>Lays out a trace with the positions and visibility of its structure.</summary>
    /// <param name="ids">Token ids of prompt and response.</param>
    /// <param name="promptLength">Number of tokens of the prompt.</param>
    /// <param name="tags">The six tags.</param>
    public static TraceRows Unseen(int[] ids, int promptLength, TagIds tags) => OneRowEach(ids, TraceLayout.Read(ids, promptLength, tags));

    /// <summary>
    /// Lays out a trace for supervised training in a regime: Unseen by its structure, Seen (and without tags) as ordinary causal text. Every
    /// token is predicted by the one written before it, as in the published trainer.
    /// </summary>
    /// <param name="ids">Token ids of prompt and response.</param>
    /// <param name="promptLength">Number of tokens of the prompt.</param>
    /// <param name="tags">The six tags; null if the model has none.</param>
    /// <param name="regime">The visibility regime.</param>
    public static TraceRows Supervised(int[] ids, int promptLength, TagIds? tags, Visibility regime)
    {
        var plain = Plain(ids, promptLength);
        if (tags is null || regime == Visibility.Seen)
            return plain;
        var rows = Unseen(ids, promptLength, tags);
        return new TraceRows(ids, promptLength, rows._tokens, rows._positions, rows._runs, plain._predictors);
    }

    /// <summary>Lays out a trace as it is decoded in a regime: each token in the context in which an engine samples it.</summary>
    /// <param name="ids">Token ids of prompt and response.</param>
    /// <param name="promptLength">Number of tokens of the prompt.</param>
    /// <param name="tags">The six tags; null for ordinary causal text.</param>
    /// <param name="regime">The visibility regime.</param>
    /// <exception cref="InputException">The regime is Seen, and the trace's blocks are nested too deeply.</exception>
    public static TraceRows Decoding(int[] ids, int promptLength, TagIds? tags, Visibility regime) =>
        tags is null ? Plain(ids, promptLength) : regime == Visibility.Unseen ? Unseen(ids, promptLength, tags) : Seen(ids, promptLength, tags);

    /// <summary>Returns the same structure with other tokens or positions.</summary>
    internal TraceRows With(int[]? ids = null, int[]? positions = null) =>
        new(ids ?? _ids, PromptLength, _tokens, positions ?? _positions, _runs, _predictors);

    /// <summary>Gets the number of rows that the trace adds to a pack after a neighbour whose prompt it may share.</summary>
    internal int RowsBehind(TraceRows neighbour) => SharesPrompt(neighbour) ? Length - PromptLength : Length;

    internal bool SharesPrompt(TraceRows other) =>
        PromptLength == other.PromptLength && Ids[..PromptLength].SequenceEqual(other.Ids[..PromptLength]);

    private static TraceRows OneRowEach(int[] ids, TraceLayout layout)
    {
        ArgumentNullException.ThrowIfNull(ids);
        int[] predictors = [.. Enumerable.Range(-1, ids.Length)];
        foreach (var block in layout.Blocks)
        {
            foreach (var path in block.Paths)
                predictors[path.Start] = block.ParallelIndex;
        }

        return new TraceRows(ids, layout.PromptLength, [.. Enumerable.Range(0, ids.Length)], layout.Positions.ToArray(), [.. layout.VisibleRuns()], predictors);
    }
}

/// <summary>A half-open range of indices.</summary>
/// <param name="Start">The first index.</param>
/// <param name="End">The index after the last.</param>
public readonly record struct TokenRange(int Start, int End)
{
    /// <summary>Gets the number of indices.</summary>
    public int Length => End - Start;
}

/// <summary>
/// Rows (queries) from <paramref name="Start"/> to <paramref name="End"/> (exclusive) that share the same earlier columns (keys):
/// row r sees all of <paramref name="Columns"/>, and the rows from <paramref name="Start"/> through r.
/// </summary>
/// <param name="Start">The first row.</param>
/// <param name="End">The row after the last.</param>
/// <param name="Columns">Sorted, disjoint, not adjacent, not empty, all before <paramref name="Start"/>.</param>
public readonly record struct VisibleRun(int Start, int End, ImmutableArray<TokenRange> Columns);

/// <summary>A rectangle of the attention mask that causal attention would show and the structure hides; half-open in both directions.</summary>
/// <param name="RowStart">The first row.</param>
/// <param name="RowEnd">The row after the last.</param>
/// <param name="ColumnStart">The first column.</param>
/// <param name="ColumnEnd">The column after the last.</param>
public readonly record struct HiddenRange(int RowStart, int RowEnd, int ColumnStart, int ColumnEnd);
