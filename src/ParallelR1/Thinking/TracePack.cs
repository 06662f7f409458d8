using System.Collections.Immutable;

namespace ParallelR1.Thinking;

/// <summary>
/// Traces packed one after another, without padding; a trace's outputs do not depend on its neighbours. Neighbours with equal prompts may
/// share the prompt's rows: n responses of length R after a prompt of length P take P + nR rows instead of n(P + R).
/// </summary>
public sealed class TracePack
{
    private readonly List<(TraceRows Trace, int Prompt, int Response)> _traces = [];
    private readonly List<VisibleRun> _runs = [];
    private readonly List<int> _firstRuns = [];

    /// <summary>Initializes a pack of traces, in the given order.</summary>
    /// <param name="traces">The traces; at least one, each of at least one token.</param>
    /// <param name="sharePrompts">Whether a trace whose prompt equals the previous trace's prompt shares its rows; false by default.</param>
    /// <exception cref="ArgumentException">There is no trace, or one is empty.</exception>
    public TracePack(IReadOnlyList<TraceRows> traces, bool sharePrompts = false)
    {
        ArgumentNullException.ThrowIfNull(traces);
        if (traces.Count == 0 || traces.Any(trace => trace.Length == 0))
            throw new ArgumentException("A pack holds at least one trace, each of at least one token.", nameof(traces));
        for (var i = 0; i < traces.Count; i++)
            Add(traces[i], sharePrompts && i > 0 && traces[i].SharesPrompt(traces[i - 1]));
        _firstRuns.Add(_runs.Count);
    }

    /// <summary>Gets the number of rows.</summary>
    public int Length { get; private set; }

    /// <summary>Gets what the rows see, as row indices of the pack.</summary>
    public IReadOnlyList<VisibleRun> Runs => _runs;

    /// <summary>Gets the index of the first run of each group, then the number of runs. A group is a set of rows that see no rows of other groups.</summary>
    public IReadOnlyList<int> FirstRuns => _firstRuns;

    /// <summary>Gets the token ids and the positions of all rows.</summary>
    /// <returns>Token ids [rows] and positions [rows].</returns>
    public (int[] Ids, int[] Positions) Rows()
    {
        var (ids, positions) = (new int[Length], new int[Length]);
        foreach (var (trace, prompt, response) in _traces)
        {
            for (var row = 0; row < trace.Length; row++)
            {
                var at = Place(trace, prompt, response, row);
                (ids[at], positions[at]) = (trace.Ids[trace.Tokens[row]], trace.Positions[row]);
            }
        }

        return (ids, positions);
    }

    /// <summary>Gets the row of the pack that holds a row of a trace.</summary>
    /// <param name="trace">Index of the trace.</param>
    /// <param name="row">Row of the trace.</param>
    public int Row(int trace, int row)
    {
        var (rows, prompt, response) = _traces[trace];
        return Place(rows, prompt, response, row);
    }

    /// <summary>Gets the row of the pack whose output predicts a token of a trace. The first token of a trace has none.</summary>
    /// <param name="trace">Index of the trace.</param>
    /// <param name="token">Index of the token in the trace.</param>
    public int Predictor(int trace, int token) => Row(trace, _traces[trace].Trace.Predictors[token]);

    private static int Place(TraceRows trace, int prompt, int response, int row) =>
        row < trace.PromptLength ? prompt + row : response + row - trace.PromptLength;

    private void Add(TraceRows trace, bool share)
    {
        var prompt = share ? _traces[^1].Prompt : Length;
        var response = share ? Length : Length + trace.PromptLength;
        _traces.Add((trace, prompt, response));
        if (!share)
            _firstRuns.Add(_runs.Count);
        foreach (var run in trace.Runs)
        {
            var columns = Move(run.Columns, trace, prompt, response);
            if (!share)
                _runs.Add(new VisibleRun(prompt + run.Start, prompt + run.End, columns));
            else if (run.Start >= trace.PromptLength)
                _runs.Add(new VisibleRun(Place(trace, prompt, response, run.Start), Place(trace, prompt, response, run.End), columns));
            else if (run.End > trace.PromptLength)
                _runs.Add(new VisibleRun(response, Place(trace, prompt, response, run.End), columns.Add(new TokenRange(prompt + run.Start, prompt + trace.PromptLength))));
        }

        Length += share ? trace.Length - trace.PromptLength : trace.Length;
    }

    private static ImmutableArray<TokenRange> Move(ImmutableArray<TokenRange> columns, TraceRows trace, int prompt, int response)
    {
        var moved = ImmutableArray.CreateBuilder<TokenRange>(columns.Length + 1);
        var contiguous = response == prompt + trace.PromptLength;
        foreach (var (start, end) in columns)
        {
            if (contiguous || end <= trace.PromptLength)
            {
                moved.Add(new TokenRange(prompt + start, prompt + end));
                continue;
            }

            if (start < trace.PromptLength)
                moved.Add(new TokenRange(prompt + start, prompt + trace.PromptLength));
            moved.Add(new TokenRange(response + Math.Max(0, start - trace.PromptLength), response + end - trace.PromptLength));
        }

        return moved.DrainToImmutable();
    }
}
