using System.Globalization;

namespace ParallelR1.Evaluation.Arms;

/// <summary>The four claims that are registered in <c>docs/results-mini.md</c>, each judged from what was measured.</summary>
internal static class Claims
{
    /// <summary>Points by which the arm must lead at the cap.</summary>
    public const double Lead = 0.10;

    /// <summary>How much worse "not worse" may be.</summary>
    public const double Tolerance = -0.03;

    /// <summary>Number of training seeds from which a claim is judged.</summary>
    public const int SeedsNeeded = 3;

    /// <summary>Share of the control's seconds.</summary>
    public const double SecondsShare = 0.6;

    /// <summary>How far below the control's best accuracy the accuracy lies that both have to reach.</summary>
    public const double BelowBest = 0.02;

    /// <summary>The claim whose figure is a ratio; those of the others are differences.</summary>
    public const string Seconds = "3: the same accuracy in fewer seconds";

    private const string SameLatency = "1: more at the same cap";
    private const string SameTokens = "2: not worse at equal total tokens";
    private const string AboveStart = "4: above base and cold start";

    /// <summary>The claims before anything is measured; the command that measures them is filled in by whoever runs it, here as in all others.</summary>
    public static IReadOnlyList<Finding> NotRun { get; } =
        [Missing(SameLatency, LatencyCondition), Missing(SameTokens, TokensCondition), Missing(Seconds, SecondsCondition), Missing(AboveStart, StartCondition)];

    private static string LatencyCondition => "at least 10 points, lower bound above 0, above 0 in each seed; on problems that fit in both arms, lower bound above -3";

    private static string TokensCondition => "lower bound above -3: not worse; above 0: better";

    private static string SecondsCondition => "at most 0.6 of the control's seconds an answer";

    private static string StartCondition => "at least 10 points above base, lower bound above 0; above the cold start, lower bound above 0";

    /// <summary>At the registered cap.</summary>
    /// <param name="all">The arm less the better control.</param>
    /// <param name="fitBoth">The same on the problems that fit in both arms; null: not known, or none does.</param>
    public static Finding OfSameLatency(Comparison all, Comparison? fitBoth)
    {
        var leads = all is { Difference: >= Lead, Low: > 0 } && all.PerSeed.All(d => d > 0);
        var holds = fitBoth is { Low: > Tolerance };
        var note = fitBoth is null
            ? "no problem is known to fit in both arms, so the second condition is not measured"
            : $"on the {fitBoth.Problems} problems that fit in both arms {Points(fitBoth)}"
                + (leads && fitBoth.Low <= 0 ? "; a gap only where the control cannot fit is more work in the same latency, not better thinking" : "");
        return Judged(SameLatency, leads && holds, all, LatencyCondition, $"each seed {EachSeed(all)}; {note}");
    }

    /// <summary>With the control's cap raised to the arm's mean total tokens.</summary>
    public static Finding OfSameTokens(Comparison all, int controlCap) => Judged(
        SameTokens, all.Low > Tolerance, all, TokensCondition,
        $"the control's cap is {controlCap}; {(all.Low > 0 ? "better" : all.Low > Tolerance ? "not worse" : "worse, or not told apart from it")}; each seed {EachSeed(all)}");

    /// <summary>Against where the arm comes from.</summary>
    /// <param name="start">The arm less the base; null: not measured.</param>
    /// <param name="coldStart">The arm less its cold start; null: not measured.</param>
    public static Finding OfStart(Comparison? start, Comparison? coldStart)
    {
        if (start is null || coldStart is null)
            return Missing(AboveStart, StartCondition) with { Note = $"{(start is null ? "the base" : "the cold start")} was not given", Value = start?.Difference, Low = start?.Low, High = start?.High };
        return Judged(
            AboveStart, start is { Difference: >= Lead, Low: > 0 } && coldStart.Low > 0, start, StartCondition,
            $"above the cold start {Points(coldStart)}; each seed above base {EachSeed(start)}, above the cold start {EachSeed(coldStart)}");
    }

    /// <summary>Seconds an answer.</summary>
    /// <param name="aim">The accuracy to reach.</param>
    /// <param name="times">What was timed; null: the arm does not reach it, or nothing was timed.</param>
    /// <param name="reached">The smallest cap at which the arm reaches it; null: none.</param>
    public static Finding OfSeconds(double aim, AnswerTimes? times, int? reached)
    {
        if (reached is null)
            return Missing(Seconds, SecondsCondition) with { Verdict = FindingVerdict.DoesNotShow, Note = $"the arm reaches {Percent(aim)} at no cap that was measured" };
        if (times is null)
            return Missing(Seconds, SecondsCondition) with { Note = "not timed" };
        return new Finding(
            Seconds, times.Ratio <= SecondsShare ? FindingVerdict.Shows : FindingVerdict.DoesNotShow, times.Ratio, times.RatioLow, times.RatioHigh, SecondsCondition, "",
            $"to reach {Percent(aim)}: {string.Join(", ", times.Arms.Select(a => string.Create(CultureInfo.InvariantCulture, $"{a.Name} at cap {a.Cap} {a.Median:F3} s")))}; "
            + string.Create(CultureInfo.InvariantCulture, $"against the control at its smallest cap that reaches it {times.StrictRatio:F2}"));
    }

    /// <summary>Returns a claim's values without a verdict if they come from too few seeds.</summary>
    public static Finding WithSeeds(Finding finding, int seeds) => seeds >= SeedsNeeded || finding.Verdict == FindingVerdict.NotRun
        ? finding
        : finding with { Verdict = FindingVerdict.NotRun, Note = $"not judged: {seeds} of {SeedsNeeded} seeds; {finding.Note}" };

    /// <summary>The smallest cap at which a row reaches an accuracy; null: none.</summary>
    public static int? Reaches(IEnumerable<CurvePoint> row, double aim) =>
        row.Where(p => p.MeanAtK >= aim).OrderBy(p => p.Cap).Select(p => (int?)p.Cap).FirstOrDefault();

    /// <summary>Whether a control gains no more: its last step on the curve brings less than a point.</summary>
    public static bool GainsNoMore(IReadOnlyList<double> accuracies) => accuracies.Count >= 2 && accuracies[^1] - accuracies[^2] < 0.01;

    private static Finding Judged(string name, bool shows, Comparison c, string threshold, string note) =>
        new(name, shows ? FindingVerdict.Shows : FindingVerdict.DoesNotShow, c.Difference, c.Low, c.High, threshold, "", note);

    private static Finding Missing(string name, string threshold) => new(name, FindingVerdict.NotRun, null, null, null, threshold, "", "");

    private static string Points(Comparison c) => string.Create(CultureInfo.InvariantCulture, $"{100 * c.Difference:+0.0;-0.0;0.0} points [{100 * c.Low:+0.0;-0.0;0.0}, {100 * c.High:+0.0;-0.0;0.0}]");

    private static string EachSeed(Comparison c) => string.Join(", ", c.PerSeed.Select(d => string.Create(CultureInfo.InvariantCulture, $"{100 * d:+0.0;-0.0;0.0}")));

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F1} %");
}
