using System.Text.Json.Nodes;
using ParallelR1.Evaluation;
using ParallelR1.Runs;
using ParallelR1.Runs.Reports;

namespace ParallelR1.Tests.Runs;

public sealed class ReportPageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_folder_becomes_one_page_that_fetches_nothing()
    {
        WriteRun(_folder["rl"], 20);

        var page = ReportPage.Create([_folder["rl"]]);

        foreach (var title in new[] { "Reward", "Parallel ratio", "Where blocks begin", "Entropy", "Gradient norm", "Time", "Evaluation", "Log-probability difference" })
            Assert.Contains($"<b>{title}</b>", page, StringComparison.Ordinal);
        Assert.Contains("path 2", page, StringComparison.Ordinal);
        Assert.Contains("&lt;not a tag&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        Assert.EndsWith("</html>\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_runs_is_reported_together()
    {
        WriteRun(_folder["all/sft"], 3);
        WriteRun(_folder["all/rl"], 1);

        var page = ReportPage.Create([_folder["all"]]);

        Assert.Contains("sft <b>", page, StringComparison.Ordinal);
        Assert.Contains("rl <b>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_with_nothing_to_report_is_a_usage_error()
    {
        Assert.Contains("nothing to report", Assert.Throws<UsageException>(() => ReportPage.Create([_folder.FullPath])).Message, StringComparison.Ordinal);
        Assert.Contains("no such run folder", Assert.Throws<UsageException>(() => ReportPage.Create([_folder["none"]])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Examples_are_drawn_on_one_page()
    {
        var rows = new[] { new JsonObject { ["id"] = 3, ["response"] = "<Parallel><Path>a</Path><Path>b</Path></Parallel>" }, new JsonObject { ["other"] = 1 } };

        Assert.Equal(1, ExamplesPage.Write(_folder["e.html"], "examples", rows));
        Assert.Contains("path 2", File.ReadAllText(_folder["e.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_responses_stand_beside_right_ones_and_the_choice_is_told()
    {
        Directory.CreateDirectory(_folder["eval"]);
        File.WriteAllText(_folder["eval/summary.json"], """{"rows": []}""");
        File.WriteAllLines(_folder["eval/responses.jsonl"],
        [
            """{"problem": "p", "response": "plain right", "verdict": "correct"}""",
            """{"problem": "p", "response": "<Parallel><Path>right in blocks</Path></Parallel>", "verdict": "correct"}""",
            """{"problem": "p", "response": "not answered", "verdict": "no_answer", "reward": 1}""",
        ]);

        var page = ReportPage.Create([_folder["eval"]]);

        Assert.Contains("right in blocks", page, StringComparison.Ordinal);
        Assert.DoesNotContain("plain right", page, StringComparison.Ordinal);
        Assert.Contains("not answered", page, StringComparison.Ordinal);
        Assert.Contains("responses, line 2, right", page, StringComparison.Ordinal);
        Assert.Contains("responses, line 3, wrong", page, StringComparison.Ordinal);
        Assert.Contains("Chosen, not typical", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_one_name_are_told_apart_by_their_runs()
    {
        foreach (var run in new[] { "first", "second" })
        {
            Directory.CreateDirectory(_folder[run]);
            SummaryJson.Write(_folder[$"{run}/summary.json"], [new SummaryRow { Name = "same", Grader = "strict" }]);
        }

        var page = ReportPage.Create([_folder["first"], _folder["second/summary.json"]]);

        Assert.Contains("<td>first: same</td>", page, StringComparison.Ordinal);
        Assert.Contains("<td>second: same</td>", page, StringComparison.Ordinal);
    }

    private static void WriteRun(string path, int steps)
    {
        Directory.CreateDirectory(Path.Combine(path, "rollouts"));
        using var log = new MetricsLog(Path.Combine(path, "metrics.jsonl"));
        for (var step = 1; step <= steps; step++)
        {
            log.Append(step, MetricNames.Train, new JsonObject
            {
                [MetricNames.Reward] = -1.0,
                [MetricNames.ParallelRatio] = 0.0,
                [MetricNames.BlockPosition] = step == 1 ? double.NaN : 0.3,
                [MetricNames.Entropy] = 0.5 / step,
                [MetricNames.GradNorm] = 1,
                [MetricNames.LogProbDifference] = 1e-7,
                [MetricNames.Seconds] = new JsonObject { ["rollout"] = 1.5, ["train"] = 0 },
            });
        }

        log.Append(steps, MetricNames.Evaluation, new JsonObject { [MetricNames.Suite] = "hard", [MetricNames.MeanAtK] = 0.25 });
        File.WriteAllText(Path.Combine(path, "rollouts", "step-1.jsonl"), new JsonObject
        {
            ["problem"] = "<not a tag>",
            ["response"] = "<Parallel><Path>a</Path><Path>b</Path></Parallel>\n<Summary>c</Summary>",
            ["reward"] = 1,
        }.ToJsonString() + "\n");
    }
}
