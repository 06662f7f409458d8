using System.Globalization;
using ParallelR1.Evaluation;
using ParallelR1.Evaluation.Arms;
using ParallelR1.Training;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Reproduction;

/// <summary>The findings of the publication, each judged by the figures of finished rows alone.</summary>
internal static class Findings
{
    /// <summary>Blocks are gone where fewer responses than this have one.</summary>
    private const double Rare = 0.05;

    /// <summary>Where the cold start leaves blocks in fewer responses, nothing can be said about how a reward keeps them.</summary>
    private const double Taught = 0.2;

    /// <summary>A ratio has fallen where it is lower by more than this.</summary>
    private const double Fall = 0.1;

    /// <summary>A ratio is kept where it is lower by no more than this; the publication's falls from 95.6 to 63.0 % under S2, and to 13.6 % under S1.</summary>
    private const double Kept = 0.5;

    /// <summary>Steps with blocks that a trend needs.</summary>
    private const int StepsOfTrend = 10;

    public static IReadOnlyList<Finding> Of(RecipeScale scale, RowSet rows) =>
    [
        ColdStartIsNeeded(scale, rows),
        RatioUnderAccuracy(scale, rows),
        RatioUnderAlternation(scale, rows),
        Better(scale, rows, "Seen solves more than Unseen", "seen", "unseen-s1"),
        Better(scale, rows, "RL on easy problems helps Seen", "seen", "ablation-seen-no-easy-rl"),
        Worse(scale, rows, "RL on easy problems hurts Unseen", "ablation-s1-after-easy-rl", "unseen-s1"),
        Better(scale, rows, "the parallel-thinking prompt helps Seen", "seen", "ablation-seen-no-prompt"),
        Better(scale, rows, "alternating rewards solve more than the parallel reward alone", "unseen-s2", "ablation-parallel-only"),
        BlocksMoveLater(scale, rows),
        Better(scale, rows, "the scaffold raises the ceiling", "mid-training", "control"),
        BlocksAgainstNone(scale, rows),
    ];

    private static Finding ColdStartIsNeeded(RecipeScale scale, RowSet rows)
    {
        var blank = Blank(scale, "a cold start is needed", $"without it, blocks in at most {Percent(Rare)} of responses (upper bound)", "ablation-skip-sft", "unseen-s2");
        if (Missing(rows, "ablation-skip-sft", "unseen-s2") is { } missing)
            return blank with { Note = missing };
        var (without, with) = (RowDifference.Of(rows["ablation-skip-sft"], RowDifference.Parallel), RowDifference.Of(rows["unseen-s2"], RowDifference.Parallel));
        var verdict = with.Value < Taught ? FindingVerdict.NotAtThisScale : Shows(without.High <= Rare);
        return Judged(blank, verdict, without, $"share of responses with a block without a cold start; with one it is {Percent(with.Value)}");
    }

    private static Finding RatioUnderAccuracy(RecipeScale scale, RowSet rows) => Ratio(
        scale, rows, "under the accuracy reward alone (S1) blocks fade", $"the ratio falls by more than {Points(Fall)} (upper bound)", "unseen-s1", d => d.High < -Fall);

    private static Finding RatioUnderAlternation(RecipeScale scale, RowSet rows) => Ratio(
        scale, rows, "the alternating reward (S2) keeps blocks", $"the ratio falls by less than {Points(Kept)} (lower bound)", "unseen-s2", d => d.Low > -Kept);

    private static Finding Ratio(RecipeScale scale, RowSet rows, string name, string threshold, string row, Func<RowDifference, bool> shows)
    {
        var blank = Blank(scale, name, threshold, row, "sft-unseen");
        if (Missing(rows, row, "sft-unseen") is { } missing)
            return blank with { Note = missing };
        if (RowDifference.Between(rows[row], rows["sft-unseen"], RowDifference.Parallel) is not { } change)
            return blank with { Note = NoSeeds(row, "sft-unseen") };
        var (before, after) = (RowDifference.Of(rows["sft-unseen"], RowDifference.Parallel).Value, RowDifference.Of(rows[row], RowDifference.Parallel).Value);
        return Judged(blank, before < Taught ? FindingVerdict.NotAtThisScale : Shows(shows(change)), change,
            $"share of responses with a block, {row} less sft-unseen: from {Percent(before)} to {Percent(after)}{(before < Taught ? "; the cold start taught too few for a fall to show" : "")}");
    }

    private static Finding Better(RecipeScale scale, RowSet rows, string name, string row, string than) =>
        Accuracy(scale, rows, name, "lower bound above 0", row, than, d => d.Low > 0);

    private static Finding Worse(RecipeScale scale, RowSet rows, string name, string row, string than) =>
        Accuracy(scale, rows, name, "upper bound below 0", row, than, d => d.High < 0);

    /// <summary>The registered comparison at mini scale; elsewhere the published one.</summary>
    private static Finding BlocksAgainstNone(RecipeScale scale, RowSet rows)
    {
        const string Name = "RL with blocks solves more than RL without";
        if (scale != RecipeScale.Mini)
            return Better(scale, rows, Name, "unseen-s2", "grpo");
        var row = rows["ours-numbered"].Count > 0 ? "ours-numbered" : "unseen-s2";
        return Accuracy(scale, rows, Name, $"at least {Points(Claims.Lead)}, lower bound above 0, above 0 with each of three seeds", row, "control",
            d => d.Value >= Claims.Lead && d.Low > 0 && d.PerSeed.All(seed => seed > 0), Claims.SeedsNeeded);
    }

    private static Finding Accuracy(RecipeScale scale, RowSet rows, string name, string threshold, string row, string than, Func<RowDifference, bool> shows, int seedsNeeded = 1)
    {
        var blank = Blank(scale, name, threshold, row, than);
        if (Missing(rows, row, than) is { } missing)
            return blank with { Note = missing };
        if (RowDifference.Between(rows[row], rows[than], RowDifference.Accuracy) is not { } difference)
            return blank with { Note = NoSeeds(row, than) };
        var seeds = string.Join(", ", difference.PerSeed.Select(d => string.Create(CultureInfo.InvariantCulture, $"{100 * d:+0.0;-0.0;0.0}")));
        var note = $"mean@k, {row} less {than}; each seed, in points: {seeds}";
        return difference.PerSeed.Count < seedsNeeded
            ? Judged(blank, FindingVerdict.NotRun, difference, $"{difference.PerSeed.Count} of {seedsNeeded} seeds so far: {note}")
            : Judged(blank, Shows(shows(difference)), difference, note);
    }

    private static Finding BlocksMoveLater(RecipeScale scale, RowSet rows)
    {
        var row = rows["unseen-s2"].Count > 0 || rows["ours-numbered"].Count == 0 ? "unseen-s2" : "ours-numbered";
        var blank = Blank(scale, "blocks move later during training", "lower bound of the slope above 0", row);
        if (Missing(rows, row) is { } missing)
            return blank with { Note = missing };
        IReadOnlyList<(double Step, double Position)>[] runs =
            [.. rows[row].Select(seed => seed.Steps.Where(s => s.BlockPosition is not null).Select(s => ((double)s.Step, s.BlockPosition!.Value)).ToList())];
        if (runs.Any(run => run.Count < StepsOfTrend))
            return blank with { Verdict = FindingVerdict.NotAtThisScale, Note = $"{row} has blocks in fewer than {StepsOfTrend} steps of a seed" };
        var slope = Trend.Of(runs);
        return Judged(blank, Shows(slope.Low > 0), slope, $"change per step of {row} in where blocks begin, as a share of the response; {runs.Length} seeds, {runs.Sum(r => r.Count)} steps{Use(rows[row])}");
    }

    /// <summary>What blocks are for, at the beginning and at the end of training.</summary>
    private static string Use(IReadOnlyList<RowFigures> seeds)
    {
        var shares = seeds.Select(seed => seed.Steps.Select(s => s.VerificationRatio).OfType<double>().ToList()).ToList();
        return shares.TrueForAll(steps => steps.Count >= StepsOfTrend)
            ? $"; blocks that verify an answer, the others search: {Share(steps => steps.Take(StepsOfTrend))} in the first {StepsOfTrend} steps, {Share(steps => steps.TakeLast(StepsOfTrend))} in the last"
            : "";

        string Share(Func<List<double>, IEnumerable<double>> part) => string.Create(CultureInfo.InvariantCulture, $"{100 * shares.Average(steps => part(steps).Average()):0.0} %");
    }

    private static Finding Blank(RecipeScale scale, string name, string threshold, params string[] rows) =>
        new(name, FindingVerdict.NotRun, null, null, null, threshold, ReproductionOptions.Command(scale, rows), "");

    private static Finding Judged(Finding blank, FindingVerdict verdict, RowDifference figure, string note) =>
        blank with { Verdict = verdict, Value = figure.Value, Low = figure.Low, High = figure.High, Note = note };

    private static FindingVerdict Shows(bool shows) => shows ? FindingVerdict.Shows : FindingVerdict.DoesNotShow;

    private static string? Missing(RowSet rows, params string[] names) =>
        names.Where(name => rows[name].Count == 0).ToList() is { Count: > 0 } missing ? $"not run: {string.Join(", ", missing)}" : null;

    private static string NoSeeds(string a, string b) => $"{a} and {b} were run with different seeds";

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.#} %");

    private static string Points(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0} points");
}
