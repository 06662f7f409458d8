using System.Text.Json.Nodes;

namespace ParallelR1.Data.ColdStart;

/// <summary>Accumulates a report, answer by answer.</summary>
internal sealed class ColdStartTally(ColdStartOptions options, JsonObject settings)
{
    private readonly Dictionary<string, ColdStartYield> _sources = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];
    private readonly SortedDictionary<ExampleFault, (int Any, int First)> _faults = [];
    private readonly SortedDictionary<int, int> _blocks = [];
    private readonly SortedDictionary<int, int> _paths = [];
    private ColdStartYield _total = new("all");
    private ColdStartUsage _usage = new();
    private (double Sum, int Count) _selfBleu;
    private (double FirstBlock, long Characters) _sums;

    /// <summary>Adds one problem.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="verdicts">One per sample; null with the fault if there was no answer.</param>
    public void Add(Problem problem, IReadOnlyList<(ExampleVerdict? Verdict, ExampleFault? Missing, TeacherReply? Reply)> verdicts)
    {
        if (_sources.TryAdd(problem.Source, new ColdStartYield(problem.Source)))
            _order.Add(problem.Source);
        var kept = verdicts.Any(v => v.Verdict?.IsKept == true) ? 1 : 0;
        var row = _sources[problem.Source];
        row = row with { Problems = row.Problems + 1, ProblemsKept = row.ProblemsKept + kept };
        _total = _total with { Problems = _total.Problems + 1, ProblemsKept = _total.ProblemsKept + kept };
        foreach (var (verdict, missing, reply) in verdicts)
        {
            (row, _total) = (row.With(verdict), _total.With(verdict));
            if (reply is not null)
                _usage = _usage.With(reply, options);
            Count(missing is { } fault ? [fault] : verdict!.Faults);
            if (verdict?.IsKept == true)
                Keep(verdict);
        }

        _sources[problem.Source] = row;
    }

    public ColdStartReport Report() => new()
    {
        Settings = settings,
        Sources = [.. _order.Select(s => _sources[s])],
        Total = _total,
        Faults = _faults,
        Usage = _usage,
        Diversity = new ColdStartDiversity
        {
            SelfBleu = _selfBleu.Count > 0 ? _selfBleu.Sum / _selfBleu.Count : null,
            FirstBlockAt = _total.Kept > 0 ? _sums.FirstBlock / _total.Kept : null,
            Characters = _total.Kept > 0 ? (double)_sums.Characters / _total.Kept : null,
            Blocks = _blocks,
            Paths = _paths,
        },
    };

    private void Count(IReadOnlyList<ExampleFault> faults)
    {
        for (var i = 0; i < faults.Count; i++)
        {
            var (any, first) = _faults.GetValueOrDefault(faults[i]);
            _faults[faults[i]] = (any + 1, first + (i == 0 ? 1 : 0));
        }
    }

    private void Keep(ExampleVerdict verdict)
    {
        if (verdict.SelfBleu is { } selfBleu)
            _selfBleu = (_selfBleu.Sum + selfBleu, _selfBleu.Count + 1);
        _sums = (_sums.FirstBlock + (verdict.FirstBlockAt ?? 0), _sums.Characters + verdict.Response.Length);
        _blocks[verdict.Paths.Count] = _blocks.GetValueOrDefault(verdict.Paths.Count) + 1;
        foreach (var paths in verdict.Paths)
            _paths[paths] = _paths.GetValueOrDefault(paths) + 1;
    }
}
