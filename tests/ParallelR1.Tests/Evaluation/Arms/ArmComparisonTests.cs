using System.Text.Json.Nodes;
using System.Xml.Linq;
using ParallelR1.Data;
using ParallelR1.Evaluation;
using ParallelR1.Evaluation.Arms;
using ParallelR1.Generation;
using ParallelR1.Runs.Reports;
using ParallelR1.Tests.Cli;

namespace ParallelR1.Tests.Evaluation.Arms;

public sealed class ArmComparisonTests : IClassFixture<CommandFolder>, IDisposable
{
    private readonly CommandFolder _models;
    private readonly TemporaryFolder _folder = new();

    public ArmComparisonTests(CommandFolder models) => _models = models;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Everything_registered_is_measured_by_one_call()
    {
        var report = await Last(_folder["out"], Options() with { TimedProblems = 1, Rounds = 2 });

        Assert.Equal(
            ["s2", "control", "base", "sft", "control-at-equal-tokens", "s2-plain", "s2-without-blocks", "s2-in-sequence", "control-vote-of-2", "control-oracle-of-2"],
            report.Rows.Select(r => r.Summary.Name));
        Assert.Equal(["s2", "control", "base"], report.Curve.Select(p => p.Row).Distinct());
        Assert.True(report.Curve.Count(p => p.Row == "control") >= 2);
        Assert.All(report.Curve, p => Assert.True(p.SecondsPerAnswer > 0));
        Assert.All(report.Findings, f => Assert.StartsWith("not judged: 2 of 3 seeds; ", f.Note, StringComparison.Ordinal));
        Assert.All(report.Differences, d => Assert.Equal(2, d.Comparison.PerSeed.Count));
        Assert.All(report.Rows, r => Assert.InRange(r.Summary.CriticalPerAnswer, 1, r.Summary.Cap!.Value));
        Assert.Empty(report.Fits);
    }

    [Fact]
    public async Task An_interrupted_comparison_ends_in_the_same_figures()
    {
        var whole = await Last(_folder["whole"], Options());
        using var stop = new CancellationTokenSource();
        var evaluations = 0;
        var observer = new Listener(line => { if (line.Contains("mean@", StringComparison.Ordinal) && ++evaluations == 5) stop.Cancel(); });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Last(_folder["stopped"], Options(), observer, stop.Token));
        var resumed = await Last(_folder["stopped"], Options(), observer);

        Assert.Equal(Timeless(ArmReportJson.ToJson(whole)), Timeless(ArmReportJson.ToJson(resumed)));
        Assert.Equal(Directory.EnumerateFiles(_folder["whole/evaluations"]).Count(), evaluations);
        Assert.Equal(ArmReportMarkdown.Of(whole), ArmReportMarkdown.Of(resumed));
    }

    [Fact]
    public async Task Evaluations_with_other_settings_are_refused_and_say_which()
    {
        await Last(_folder["out"], Options());

        var error = await Assert.ThrowsAsync<UsageException>(() => Last(_folder["out"], Options() with { Seed = 9 }));

        Assert.Contains("s2-1.json: was measured with seed 1, now 9 is asked for", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arms_without_all_seeds_are_refused()
    {
        var error = await Assert.ThrowsAsync<UsageException>(async () =>
        {
            await foreach (var _ in new ArmComparison(Folders() with { ParallelStart = ["a"] }, Options(), _folder["out"], QuietObserver.Instance).RunAsync())
            {
            }
        });

        Assert.Contains("has 2 models, the parallel cold start 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_picture_is_one_svg_with_axes_names_bands_and_both_schemes()
    {
        var report = new ArmReport
        {
            Options = Options(),
            Seeds = 3,
            Processor = "p",
            Curve = [.. new[] { ("s2", 4), ("control", 1), ("base", 1) }.SelectMany(r => new[] { 96, 192 }.Select(cap => new CurvePoint(r.Item1, r.Item2, cap, null, 0.4, 0.35, 0.45, null)))],
        };

        var text = CurvePicture.Of(report);

        var svg = XDocument.Parse(text);
        var space = svg.Root!.Name.Namespace;
        Assert.Equal(3, svg.Descendants(space + "polygon").Count());
        Assert.Contains("s2, 4 paths", svg.Descendants(space + "text").Select(t => t.Value));
        Assert.Contains("tokens allowed on the critical path", svg.Descendants(space + "text").Select(t => t.Value));
        Assert.Contains("prefers-color-scheme:dark", text, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", text, StringComparison.Ordinal);
    }

    private static string Timeless(JsonObject json)
    {
        foreach (var row in json["rows"]!.AsArray())
            row!.AsObject().Remove("wall_seconds");
        return json.ToJsonString();
    }

    private async Task<ArmReport> Last(string output, ArmComparisonOptions options, IRunObserver? observer = null, CancellationToken cancellation = default)
    {
        ArmReport? last = null;
        await foreach (var report in new ArmComparison(Folders(), options, output, observer ?? QuietObserver.Instance).RunAsync(cancellation))
            last = report;
        return last!;
    }

    private ArmFolders Folders() => new()
    {
        Parallel = [_models["model"], _models["model"]],
        Control = [_models["model"], _models["model"]],
        ParallelStart = [_models["model"], _models["model"]],
        Base = _models["model"],
    };

    private static ArmComparisonOptions Options() => new()
    {
        Suite = new EvaluationSuite("two", [.. Enumerable.Range(0, 2).Select(i => new Problem($"p{i}", $"What is {i} + 1?", $"{i + 1}", null, "", "", []))]) { Samples = 2 },
        Cap = 20,
        Caps = [16],
        Blocks = new BlockLimits { Paths = 2, Blocks = 1, SummaryTokens = 2 },
        TimedProblems = 0,
    };

    private sealed class Listener(Action<string> hear) : IRunObserver
    {
        public void Say(string message) => hear(message);

        public void Report(RunProgress progress)
        {
        }
    }
}
