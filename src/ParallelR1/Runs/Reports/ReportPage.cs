using System.Text.RegularExpressions;
using ParallelR1.Evaluation;
using ParallelR1.IO;

namespace ParallelR1.Runs.Reports;

/// <summary>One self-contained HTML page about one or several runs: the table, curves over steps, responses drawn as trees, recipes.</summary>
public static partial class ReportPage
{
    private static readonly (string Key, string Title, string Note, ChartBase From)[] Curves =
    [
        (MetricNames.Reward, "Reward", "mean of a step", ChartBase.Data),
        (MetricNames.Accuracy, "Accuracy", "share of a step's responses", ChartBase.Share),
        (MetricNames.ParallelRatio, "Parallel ratio", "responses with at least one block", ChartBase.Share),
        (MetricNames.WellFormedRatio, "Well-formed ratio", "responses with well-formed blocks", ChartBase.Share),
        (MetricNames.BlockPosition, "Where blocks begin", "0 start, 1 end of the response", ChartBase.Share),
        (MetricNames.Blocks, "Blocks", "mean of a response", ChartBase.Zero),
        (MetricNames.Loss, "Loss", "", ChartBase.Data),
        (MetricNames.Entropy, "Entropy", "nats a sampled token", ChartBase.Zero),
        (MetricNames.GradNorm, "Gradient norm", "before clipping", ChartBase.Data),
        (MetricNames.ClipFraction, "Clip fraction", "share of tokens", ChartBase.Zero),
        (MetricNames.LogProbDifference, "Log-probability difference", "mean |rollout − trainer|", ChartBase.Zero),
        (MetricNames.ResponseTokens, "Response length", "mean tokens", ChartBase.Zero),
        (MetricNames.TokensTotal, "Response tokens", "all of a step", ChartBase.Zero),
        (MetricNames.TokensCriticalPath, "Critical path", "tokens, the longest path of each block", ChartBase.Zero),
        (MetricNames.LearningRate, "Learning rate", "", ChartBase.Zero),
        (MetricNames.TokensPerSecond, "Tokens a second", "", ChartBase.Zero),
    ];

    /// <summary>Makes the page.</summary>
    /// <param name="runs">Run folders, folders of runs, or summary files.</param>
    /// <exception cref="UsageException">One of them is missing or holds nothing to report.</exception>
    public static string Create(IReadOnlyList<string> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var loaded = runs.SelectMany(ReportRun.Load).ToList();
        var html = new Html();
        var names = string.Join(", ", loaded.Select(r => r.Name).Distinct());
        html.Add($"<h1>{(loaded.Count == 1 ? loaded[0].Name : "Parallel thinking: report")}</h1><p class=\"sub\">{names}</p>");
        SummaryHtml.Write(html, Rows(loaded));
        foreach (var summary in loaded.Select(r => r.Summary).OfType<Summary>())
            BeyondHtml.Write(html, summary);
        WriteCurves(html, loaded);
        WriteSamples(html, loaded);
        WriteRecipes(html, loaded);
        html.Raw("<footer>Parallel-R1 for .NET. Faint lines are measurements, strong ones their moving mean; point at a line for its values.</footer>");
        return ReportStyle.Page($"Report: {names}", html);
    }

    /// <summary>Makes the page and writes it, whole or not at all.</summary>
    public static void Write(string path, IReadOnlyList<string> runs) => AtomicFile.WriteText(path, Create(runs));

    /// <summary>The rows of all runs; those that share a name with another are told apart by their run.</summary>
    private static List<SummaryRow> Rows(List<ReportRun> runs)
    {
        var names = runs.SelectMany(r => r.Rows).CountBy(row => row.Name).ToDictionary();
        return [.. runs.SelectMany(r => r.Rows.Select(row => names[row.Name] > 1 && r.Name != row.Name ? row with { Name = $"{r.Name}: {row.Name}" } : row))];
    }

    private static void WriteCurves(Html html, List<ReportRun> all)
    {
        var runs = all.Where(r => r.Metrics.Count > 0).ToList();
        if (runs.Count == 0)
            return;
        html.Raw("<h2>Over the steps</h2><div class=\"charts\">");
        WriteEvaluations(html, runs);
        // Seeds of a row have its colour.
        var rows = runs.Select(run => SeedSuffix().Replace(run.Name, "")).Distinct().ToList();
        int Color(ReportRun run) => rows.IndexOf(SeedSuffix().Replace(run.Name, ""));
        foreach (var (key, title, note, from) in Curves)
        {
            var series = runs.Select(r => new ChartSeries(r.Name, Color(r), r.Curve(MetricNames.Train, key))).Where(s => s.Points.Count > 0).ToList();
            LineChart.Write(html, title, note, series, from);
        }

        var validation = runs.Select(r => new ChartSeries(r.Name, Color(r), r.Curve(MetricNames.Validation, MetricNames.ValidationLoss), Sparse: true)).Where(s => s.Points.Count > 0).ToList();
        LineChart.Write(html, "Validation loss", "held-out examples", validation, ChartBase.Data);
        foreach (var run in runs)
            StackedChart.Write(html, runs.Count == 1 ? "Time" : $"Time: {run.Name}", run.Seconds());
        html.Raw("</div>");
    }

    private static void WriteEvaluations(Html html, List<ReportRun> runs)
    {
        var series = new List<ChartSeries>();
        foreach (var run in runs)
        {
            foreach (var suite in run.Metrics.Where(m => (string?)m[MetricNames.Kind] == MetricNames.Evaluation).Select(m => (string?)m[MetricNames.Suite] ?? "").Distinct())
            {
                var points = run.Curve(MetricNames.Evaluation, MetricNames.MeanAtK, m => ((string?)m[MetricNames.Suite] ?? "") == suite);
                if (points.Count > 0)
                    series.Add(new ChartSeries(runs.Count == 1 ? suite : $"{run.Name}, {suite}", series.Count, points, Sparse: true));
            }
        }

        LineChart.Write(html, "Evaluation", "mean@k", series, ChartBase.Share);
    }

    private static void WriteSamples(Html html, List<ReportRun> runs)
    {
        if (!runs.Any(r => r.Samples.Count > 0))
            return;
        html.Add($"<h2>Responses</h2><p class=\"sub\">{ReportSample.Choice}</p>");
        foreach (var run in runs)
        {
            foreach (var sample in run.Samples)
                SampleHtml.Write(html, sample with { Source = runs.Count == 1 ? sample.Source : $"{run.Name}, {sample.Source}" });
        }
    }

    private static void WriteRecipes(Html html, List<ReportRun> runs)
    {
        if (!runs.Any(r => r.Recipe is not null))
            return;
        html.Raw("<h2>Recipes</h2>");
        foreach (var run in runs.Where(r => r.Recipe is not null))
            html.Add($"<details><summary>{run.Name}</summary><pre>{run.Recipe}</pre></details>");
    }

    [GeneratedRegex(@"-seed\d+$", RegexOptions.CultureInvariant)]
    private static partial Regex SeedSuffix();
}
