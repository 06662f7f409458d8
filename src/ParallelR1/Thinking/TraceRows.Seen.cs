using System.Collections.Immutable;

namespace ParallelR1.Thinking;

/// <summary>Lays out traces as a Seen engine decodes them.</summary>
public sealed partial class TraceRows
{
    /// <summary>Limit on rows: nested blocks repeat tokens, and a trace that needs more rows is rejected.</summary>
    private const int MaxSeenRows = 1 << 24;

    /// <summary>
    /// Lays out each token in the context in which a Seen engine decodes it, in passes: the whole trace with plain causal attention; then,
    /// for each path that is not the first of its block, a replay that sees the text before its block and itself.
    /// </summary>
    /// <remarks>
    /// If the block is nested, the text before it is that of the pass in which the enclosing path is decoded: the whole trace if that path
    /// and all paths around it are first paths, else that path's replay. There everything, including earlier finished blocks, is plain
    /// concatenation. Nested replays thus repeat tokens: a token has one row, plus one for each non-first path around it.
    /// </remarks>
    /// <param name="ids">Token ids of prompt and response.</param>
    /// <param name="promptLength">Number of tokens of the prompt.</param>
    /// <param name="tags">The six tags.</param>
    /// <exception cref="InputException">The trace's blocks are nested too deeply.</exception>
    public static TraceRows Seen(int[] ids, int promptLength, TagIds tags) => Seen(ids, promptLength, tags, MaxSeenRows);

    internal static TraceRows Seen(int[] ids, int promptLength, TagIds tags, int maxRows)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(tags);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)promptLength, (uint)ids.Length, nameof(promptLength));
        var reader = new TraceReader(tags, Visibility.Seen);
        reader.Read(ids, promptLength);
        return Seen(ids, promptLength, new SeenPasses(reader, maxRows));
    }

    internal static TraceRows Seen(int[] ids, int promptLength, SeenPasses passes)
    {
        List<int> tokens = [], positions = [];
        var runs = new List<VisibleRun>();
        var predictors = new int[ids.Length];
        foreach (var pass in passes.All)
        {
            for (var i = 0; i < pass.Tokens.Length; i++)
            {
                tokens.Add(pass.Tokens.Start + i);
                positions.Add(pass.FirstPosition + i);
                // Later passes are for more deeply nested paths: the last pass that holds a token is the one in which it is decoded.
                predictors[pass.Tokens.Start + i] = pass.FirstRow + i - 1;
            }

            if (pass.Tokens.Length > 0)
                runs.Add(new VisibleRun(pass.FirstRow, pass.FirstRow + pass.Tokens.Length, pass.Columns));
        }

        foreach (var (token, row) in passes.PathStarts)
            predictors[token] = row;
        return new TraceRows(ids, promptLength, [.. tokens], [.. positions], [.. runs], predictors);
    }
}

/// <summary>One pass: consecutive tokens as rows that see <paramref name="Columns"/> and themselves.</summary>
/// <param name="FirstRow">The row of its first token; the passes are laid out one after the other.</param>
/// <param name="Tokens">The tokens that it holds.</param>
/// <param name="FirstPosition">The position of its first token; the positions are consecutive.</param>
/// <param name="Columns">Rows of earlier passes: the text before it.</param>
internal sealed record SeenPass(int FirstRow, TokenRange Tokens, int FirstPosition, ImmutableArray<TokenRange> Columns)
{
    public int Row(int token) => FirstRow + token - Tokens.Start;
}

/// <summary>The passes in which a Seen engine decodes a trace: the whole trace, then the replays, block by block.</summary>
internal sealed class SeenPasses
{
    private readonly List<SeenPass> _passes = [];
    private readonly SeenPass[][] _ofPath;

    /// <exception cref="InputException">More than <paramref name="maxRows"/> rows would be needed.</exception>
    public SeenPasses(TraceReader reader, int maxRows)
    {
        var whole = new SeenPass(0, new TokenRange(0, reader.Positions.Count), 0, []);
        _passes.Add(whole);
        _ofPath = new SeenPass[reader.Blocks.Count][];
        long rows = whole.Tokens.Length;
        foreach (var block in reader.Blocks)
        {
            var around = block.ParentBlock < 0 ? whole : _ofPath[block.ParentBlock][block.ParentPath];
            _ofPath[block.Index] = new SeenPass[block.Paths.Count];
            for (var i = 0; i < block.Paths.Count; i++)
            {
                PathStarts.Add((block.Paths[i].Start, around.Row(block.ParallelIndex)));
                _ofPath[block.Index][i] = around;
                if (i == 0)
                    continue;
                var tokens = new TokenRange(block.Paths[i].Start, block.Paths[i].End);
                if (rows + tokens.Length > maxRows)
                    throw new InputException($"scoring this trace as Seen decodes it needs more than {maxRows} rows; its blocks are nested too deeply");
                var before = new TokenRange(around.FirstRow, around.Row(block.ParallelIndex + 1));
                _passes.Add(_ofPath[block.Index][i] = new SeenPass((int)rows, tokens, reader.Positions[tokens.Start], around.Columns.Add(before)));
                rows += tokens.Length;
            }
        }
    }

    public IReadOnlyList<SeenPass> All => _passes;

    /// <summary>For each path, its first token and the row of the block's <c>&lt;Parallel&gt;</c>, which predicts it.</summary>
    public List<(int Token, int Row)> PathStarts { get; } = [];

    /// <summary>The pass in which a path of a block is decoded.</summary>
    public SeenPass OfPath(int block, int path) => _ofPath[block][path];
}
