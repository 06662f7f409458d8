using System.Collections.Immutable;

namespace ParallelR1.Thinking;

/// <summary>
/// One forward pass that scores every token in the context in which a Seen engine decodes it: the trace, followed by replays of the paths
/// that are not the first of their block. Feed <see cref="Tokens"/> (as ids), <see cref="Positions"/> and <see cref="Runs"/> to the model.
/// </summary>
public sealed class SeenPlan
{
    private SeenPlan(int[] tokens, int[] positions, IReadOnlyList<VisibleRun> runs, int[] predictors) =>
        (Tokens, Positions, Runs, Predictors) = (tokens, positions, runs, predictors);

    /// <summary>For each row the index of its token in the trace.</summary>
    public IReadOnlyList<int> Tokens { get; }

    /// <summary>For each row its position id.</summary>
    public ReadOnlyMemory<int> Positions { get; }

    /// <summary>What the rows see, as <see cref="TraceLayout.VisibleRuns"/>, in rows of this plan.</summary>
    public IReadOnlyList<VisibleRun> Runs { get; }

    /// <summary>For each token of the trace the row whose output predicts it; −1 for the first token.</summary>
    public IReadOnlyList<int> Predictors { get; }

    /// <summary>Lays the passes of a trace one after the other.</summary>
    /// <param name="layout">The structure, read from the response.</param>
    /// <param name="maxRows">Nested blocks repeat tokens; more rows than this are refused.</param>
    /// <exception cref="InputException">The plan would need more rows.</exception>
    public static SeenPlan Create(TraceLayout layout, int maxRows = 1 << 24)
    {
        ArgumentNullException.ThrowIfNull(layout);
        List<int> tokens = [], positions = [];
        var runs = new List<VisibleRun>();
        var replays = new List<SeenReplay>();
        var predictors = new int[layout.Length];
        foreach (var replay in layout.SeenDecoding())
        {
            var first = (int)Math.Min(replay.FirstRow, int.MaxValue);
            if (replay.FirstRow + replay.Tokens.Length > maxRows)
                throw new InputException($"scoring this trace as Seen decodes it needs more than {maxRows} rows; its blocks are nested too deeply");
            replays.Add(replay);
            for (var i = 0; i < replay.Tokens.Length; i++)
            {
                var token = replay.Tokens.Start + i;
                tokens.Add(token);
                positions.Add(replay.FirstPosition + i);
                // Later passes are further inside: the last one that holds a token is the one in which it is decoded.
                predictors[token] = first + i - 1;
            }

            if (replay.Around >= 0)
                predictors[replay.Tokens.Start] = Row(replays[replay.Around], replay.AroundEnd - 1);
            if (replay.Tokens.Length > 0)
                runs.Add(new VisibleRun(first, first + replay.Tokens.Length, Columns(replays, replay)));
        }

        return new SeenPlan([.. tokens], [.. positions], runs, predictors);
    }

    private static int Row(SeenReplay replay, int token) => (int)replay.FirstRow + token - replay.Tokens.Start;

    private static ImmutableArray<TokenRange> Columns(List<SeenReplay> replays, SeenReplay replay)
    {
        var columns = new List<TokenRange>();
        while (replay.Around >= 0)
        {
            var around = replays[replay.Around];
            columns.Add(new TokenRange((int)around.FirstRow, Row(around, replay.AroundEnd)));
            replay = around;
        }

        columns.Reverse();
        return [.. columns];
    }
}
