using System.Runtime.CompilerServices;
using ParallelR1.Generation;
using ParallelR1.Grading;
using ParallelR1.Torch;

namespace ParallelR1.Evaluation.Arms;

/// <summary>
/// Compares an arm that thinks in parallel with controls that do not, all trained alike, under the same cap on the critical path: the measures that
/// <c>docs/results-mini.md</c> registers. Every finished evaluation leaves a file, and is not made again.
/// </summary>
/// <param name="folders">The models.</param>
/// <param name="options">How.</param>
/// <param name="output">Takes the evaluations.</param>
/// <param name="observer">Observes the run.</param>
/// <param name="time">Clock for timing answers; null for the system's clock.</param>
public sealed class ArmComparison(ArmFolders folders, ArmComparisonOptions options, string output, IRunObserver observer, TimeProvider? time = null)
{
    /// <summary>Name of the parallel arm.</summary>
    public const string Parallel = "s2";

    /// <summary>Name of the control.</summary>
    public const string Control = "control";

    /// <summary>Name of the untrained model.</summary>
    public const string Base = "base";

    private const string ControlByTokens = "control-by-tokens";
    private const string ParallelStart = "sft";
    private const string ControlStart = "sft-sequential";
    private const int MostCaps = 24;

    private readonly ArmMeasurements _measurements = new(options, output, observer);
    private readonly Dictionary<string, IReadOnlyList<Measurement>> _atCap = [];

    /// <summary>Runs the measurements that are missing, the registered claims first.</summary>
    /// <returns>The results so far after each part; the last report is complete.</returns>
    /// <exception cref="UsageException">Arms lack seeds, or evaluations in the folder were made with other settings.</exception>
    /// <exception cref="OperationCanceledException">Interrupted; finished evaluations are kept.</exception>
    public async IAsyncEnumerable<ArmReport> RunAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        folders.Require();
        var caps = options.CapsToMeasure;
        var lengths = Lengths();
        var report = new ArmReport { Options = options, Seeds = folders.Parallel.Count, Processor = Runtime.ProcessorName, Findings = [.. Claims.NotRun.Select(Named)] };
        if (lengths is null)
            observer.Say($"{options.Suite.Name}: nobody knows the shortest solutions of these problems, so what fits under a cap is unknown");
        else
            report = report with { Fits = [.. caps.Select(lengths.At)] };

        yield return report = await AtCapAsync(report, lengths, cancellation).ConfigureAwait(false);
        yield return report = await AtEqualTokensAsync(report, cancellation).ConfigureAwait(false);
        yield return report = await CurveAsync(report, caps, lengths, cancellation).ConfigureAwait(false);
        if (options.TimedProblems > 0)
            yield return report = Time(report, cancellation);
        yield return await BesideAsync(report, cancellation).ConfigureAwait(false);
    }

    /// <summary>Gets the type that the evaluations in a folder were computed in (<c>f32</c> or <c>bf16</c>); null if there are none.</summary>
    public static string? StoredType(string output) => ArmMeasurements.StoredType(output);

    private string BetterControl => folders.ControlByTokens.Count > 0 && Accuracy(_atCap[ControlByTokens]) > Accuracy(_atCap[Control]) ? ControlByTokens : Control;

    private IReadOnlyList<string> BetterControlFolders => BetterControl == Control ? folders.Control : folders.ControlByTokens;

    /// <summary>Claims 1 and 4.</summary>
    private async Task<ArmReport> AtCapAsync(ArmReport report, SolutionLengths? lengths, CancellationToken cancellation)
    {
        foreach (var (name, models, decoding) in Arms())
        {
            _atCap[name] = await MeasureAsync(name, models, decoding, options.Suite.Samples, cancellation).ConfigureAwait(false);
            report = report with { Rows = [.. report.Rows, Row(name, _atCap[name], options.Cap, exploratory: false, Describe(decoding))] };
        }

        var control = BetterControl;
        var all = Differ(Parallel, control);
        var fitting = lengths is not null && Enumerable.Range(0, options.Suite.Problems.Count).Any(Fits) ? Differ(Parallel, control, Fits) : null;
        var others = _atCap.Keys.Where(name => name != Parallel && name != control).Select(name => Difference(Differ(Parallel, name))).ToList();
        if (_atCap.ContainsKey(ControlStart))
            others.Add(Difference(Differ(control, ControlStart)));
        return report with
        {
            Differences = [Difference(all), .. fitting is null ? [] : new[] { Difference(fitting, "fits in both arms") }, .. others],
            Findings =
            [
                Named(Claims.OfSameLatency(all, fitting)), report.Findings[1], report.Findings[2],
                Named(Claims.OfStart(_atCap.ContainsKey(Base) ? Differ(Parallel, Base) : null, _atCap.ContainsKey(ParallelStart) ? Differ(Parallel, ParallelStart) : null)),
            ],
        };

        bool Fits(int problem) => lengths!.FitsBoth(problem, options.Cap);
    }

    /// <summary>Claim 2.</summary>
    private async Task<ArmReport> AtEqualTokensAsync(ArmReport report, CancellationToken cancellation)
    {
        var parallel = _atCap[Parallel];
        var cap = (int)Math.Ceiling(parallel.Average(m => (double)m.Result.TokensTotal / m.Result.Responses));
        var name = $"{BetterControl}-at-equal-tokens";
        var decoding = ArmComparisonOptions.Plain(cap);
        var control = await MeasureAsync(name, BetterControlFolders, decoding, options.Suite.Samples, cancellation).ConfigureAwait(false);
        var difference = Comparison.Of((Parallel, Results(parallel)), (name, Results(control)));
        return report with
        {
            Rows = [.. report.Rows, Row(name, control, cap, exploratory: false, Describe(decoding))],
            Differences = [.. report.Differences, new ArmDifference(difference, options.Cap, cap, "all", Exploratory: false)],
            Findings = [report.Findings[0], Named(Claims.OfSameTokens(difference, cap)), report.Findings[2], report.Findings[3]],
        };
    }

    /// <summary>Accuracy against the cap, on until the control gains no more.</summary>
    private async Task<ArmReport> CurveAsync(ArmReport report, IReadOnlyList<int> caps, SolutionLengths? lengths, CancellationToken cancellation)
    {
        var (points, controls, tried) = (new List<CurvePoint>(), new List<double>(), new List<int>());
        for (var cap = caps[0]; ;)
        {
            tried.Add(cap);
            points.Add(await PointAsync(Parallel, folders.Parallel, cap, options.InBlocks(cap), lengths?.At(cap).Parallel, cancellation).ConfigureAwait(false));
            points.Add(await PointAsync(BetterControl, BetterControlFolders, cap, ArmComparisonOptions.Plain(cap), lengths?.At(cap).Plain, cancellation).ConfigureAwait(false));
            controls.Add(points[^1].MeanAtK);
            if (folders.Base is { } start)
                points.Add(await PointAsync(Base, [start], cap, ArmComparisonOptions.Plain(cap), lengths?.At(cap).Plain, cancellation).ConfigureAwait(false));
            if (tried.Count < caps.Count)
                cap = caps[tried.Count];
            else if (tried.Count < MostCaps && !Claims.GainsNoMore(controls))
                cap += Math.Max(8, cap - (tried.Count > 1 ? tried[^2] : 0));
            else
                break;
        }

        return report with
        {
            Curve = [.. points.OrderBy(p => p.Row == Parallel ? 0 : p.Row == Base ? 2 : 1).ThenBy(p => p.Cap)],
            Fits = lengths is null ? [] : [.. tried.Select(lengths.At)],
        };
    }

    /// <summary>Claim 3, and the seconds of the curve.</summary>
    private ArmReport Time(ArmReport report, CancellationToken cancellation)
    {
        var timing = new ArmTiming(_measurements, options, time ?? TimeProvider.System, observer);
        var control = report.Curve.Where(p => p.Row == BetterControl).ToList();
        var best = control.MaxBy(p => p.MeanAtK)!;
        var aim = best.MeanAtK - Claims.BelowBest;
        var reached = Claims.Reaches(report.Curve.Where(p => p.Row == Parallel), aim);
        AnswerTimes? times = null;
        if (reached is { } cap)
        {
            var smallest = Claims.Reaches(control, aim)!.Value;
            TimedDecoding[] arms = [Timed(Parallel, cap), Timed(BetterControl, best.Cap), .. smallest == best.Cap ? [] : new[] { Timed(BetterControl, smallest) }];
            times = timing.Claim(arms, cancellation);
        }

        var points = timing.Curve([.. report.Curve.Select(p => Timed(p.Row, p.Cap))], cancellation);
        return report with
        {
            Times = times,
            Findings = [report.Findings[0], report.Findings[1], Named(Claims.OfSeconds(aim, times, reached)), report.Findings[3]],
            Curve = [.. report.Curve.Select(p => p with { SecondsPerAnswer = SecondsOf(p.Row, p.Cap) })],
            Rows = [.. report.Rows.Select(r => r with { Summary = r.Summary with { SecondsPerAnswer = SecondsOf(r.Summary.Name, r.Summary.Cap) } })],
        };

        double? SecondsOf(string row, int? cap) => points.FirstOrDefault(a => a.Name == row && a.Cap == cap)?.Median;
    }

    private TimedDecoding Timed(string row, int cap) => row switch
    {
        Parallel => new(row, folders.Parallel[0], cap, options.InBlocks(cap)),
        Base => new(row, folders.Base!, cap, ArmComparisonOptions.Plain(cap)),
        _ => new(row, BetterControlFolders[0], cap, ArmComparisonOptions.Plain(cap)),
    };

    /// <summary>What is measured beside the claims, with weights that are there.</summary>
    private async Task<ArmReport> BesideAsync(ArmReport report, CancellationToken cancellation)
    {
        var (cap, n, suite) = (options.Cap, options.Blocks.Paths, options.Suite);
        foreach (var (name, decoding, how) in new[]
        {
            ($"{Parallel}-plain", ArmComparisonOptions.Plain(cap), "its weights decoded plainly: tags are text"),
            ($"{Parallel}-without-blocks", options.InBlocks(cap) with { Blocks = 0, MaxTokens = cap }, "its weights, blocks forbidden"),
            ($"{Parallel}-in-sequence", options.InSequence(cap), "its blocks, all paths counted by the cap, in equal shares"),
        })
        {
            // One after the other, so every token is on the critical path.
            var seeds = await MeasureAsync(name, folders.Parallel, decoding, suite.Samples, cancellation).ConfigureAwait(false);
            report = Beside(report, name, [.. seeds.Select(m => m with { Result = m.Result with { TokensCriticalPath = m.Result.TokensTotal } })], how);
        }

        var voted = _atCap[Parallel].Select(m => m with { Result = Voting.OverPaths(m.Result, suite.Problems, m.Responses(), Graders.ByName(options.Grader)) }).ToList();
        var vote = Comparison.Of(($"{Parallel}-vote", Results(voted)), (Parallel, Results(_atCap[Parallel])), p => Voting.MakesSense(suite.Problems[p]));
        report = report with
        {
            Votes = Votes(voted),
            Differences = [.. report.Differences, new ArmDifference(vote, cap, cap, "paths can vote: no counts", Exploratory: true)],
        };

        if (cap / n < 1)
            return report;
        var samples = await MeasureAsync($"{BetterControl}-{n}-samples", BetterControlFolders, ArmComparisonOptions.Plain(cap / n), options.Suite.Samples * n, cancellation).ConfigureAwait(false);
        var grouped = samples.Select(m => (m.ResponsesFile, Groups: Voting.OverSamples(suite.Name, m.Responses(), n))).ToList();
        report = Beside(report, $"{BetterControl}-vote-of-{n}", [.. grouped.Select(g => new Measurement(g.Groups.Vote, g.ResponsesFile))], $"{n} samples of {cap / n} tokens, majority");
        return Beside(report, $"{BetterControl}-oracle-of-{n}", [.. grouped.Select(g => new Measurement(g.Groups.Oracle, g.ResponsesFile))], $"{n} samples of {cap / n} tokens, right if any is");
    }

    private ArmReport Beside(ArmReport report, string name, IReadOnlyList<Measurement> seeds, string how)
    {
        var difference = Comparison.Of((Parallel, Results(_atCap[Parallel])), (name, Results(seeds)));
        return report with
        {
            Rows = [.. report.Rows, Row(name, seeds, options.Cap, exploratory: true, how)],
            Differences = [.. report.Differences, new ArmDifference(difference, options.Cap, options.Cap, "all", Exploratory: true)],
        };
    }

    private List<VoteByGoal> Votes(List<Measurement> voted)
    {
        var goals = options.Suite.Problems.Select((problem, i) => (Index: i, Goal: Voting.Goal(problem) ?? "none")).GroupBy(p => p.Goal, p => p.Index);
        return [.. goals.OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new VoteByGoal(
            g.Key, g.Count(), Share(_atCap[Parallel], g), g.Key == "count" ? null : Share(voted, g)))];

        static double Share(IEnumerable<Measurement> seeds, IEnumerable<int> problems) =>
            seeds.Average(m => problems.Average(p => (double)m.Result.Correct[p] / m.Result.Samples));
    }

    private SolutionLengths? Lengths()
    {
        using var parallel = LanguageModel.Load(folders.Parallel[0], options.Type);
        using var plain = LanguageModel.Load(folders.Control[0], options.Type);
        return SolutionLengths.Of(options.Suite, parallel, plain, options.Blocks.Paths);
    }

    private IEnumerable<(string Name, IReadOnlyList<string> Models, GenerationOptions Decoding)> Arms()
    {
        var (blocks, plain) = (options.InBlocks(options.Cap), ArmComparisonOptions.Plain(options.Cap));
        yield return (Parallel, folders.Parallel, blocks);
        yield return (Control, folders.Control, plain);
        if (folders.ControlByTokens.Count > 0)
            yield return (ControlByTokens, folders.ControlByTokens, plain);
        if (folders.Base is { } start)
            yield return (Base, [start], plain);
        if (folders.ParallelStart.Count > 0)
            yield return (ParallelStart, folders.ParallelStart, blocks);
        if (folders.ControlStart.Count > 0)
            yield return (ControlStart, folders.ControlStart, plain);
    }

    private async Task<CurvePoint> PointAsync(string name, IReadOnlyList<string> models, int cap, GenerationOptions decoding, double? fits, CancellationToken cancellation)
    {
        var seeds = cap == options.Cap
            ? _atCap[name]
            : await MeasureAsync($"{name}-cap-{cap}", models, decoding, options.CurveSamples ?? options.Suite.Samples, cancellation).ConfigureAwait(false);
        var row = Row(name, seeds, cap, exploratory: false, "");
        return new CurvePoint(name, decoding.Parallel ? options.Blocks.Paths : 1, cap, fits, row.Suite.MeanAtK, row.Suite.Low, row.Suite.High, null);
    }

    private async Task<IReadOnlyList<Measurement>> MeasureAsync(string name, IReadOnlyList<string> models, GenerationOptions decoding, int samples, CancellationToken cancellation)
    {
        var seeds = new List<Measurement>();
        for (var i = 0; i < models.Count; i++)
            seeds.Add(await _measurements.MeasureAsync($"{name}-{i + 1}", models[i], decoding, samples, options.Seed + i, cancellation).ConfigureAwait(false));
        return seeds;
    }

    private ArmRow Row(string name, IReadOnlyList<Measurement> seeds, int cap, bool exploratory, string how)
    {
        var summary = SummaryRow.Create(name, null, null, options.Grader, [.. seeds.Select((m, i) => (options.Seed + i, (IReadOnlyList<SuiteResult>)[m.Result]))]);
        return new ArmRow(summary with { Cap = cap, Dtype = options.Dtype, Processor = Runtime.ProcessorName }, exploratory, how);
    }

    private Comparison Differ(string one, string other, Func<int, bool>? which = null) =>
        Comparison.Of((one, Results(_atCap[one])), (other, Results(_atCap[other])), which);

    private ArmDifference Difference(Comparison comparison, string on = "all") => new(comparison, options.Cap, options.Cap, on, Exploratory: false);

    /// <summary>The results of each seed; a single model, which was trained with none of them, stands beside every seed.</summary>
    private SuiteResult[] Results(IReadOnlyList<Measurement> seeds) =>
        seeds.Count == 1 ? [.. Enumerable.Repeat(seeds[0].Result, folders.Parallel.Count)] : [.. seeds.Select(m => m.Result)];

    private static double Accuracy(IReadOnlyList<Measurement> seeds) => seeds.Average(m => m.Result.MeanAtK);

    private Finding Named(Finding finding) => Claims.WithSeeds(finding, folders.Parallel.Count) with { Command = options.Command };

    private string Describe(GenerationOptions decoding) => decoding.Parallel ? $"blocks of {options.Blocks.Paths} paths" : "no blocks";
}
