using ParallelR1.Evaluation;
using ParallelR1.Reproduction;
using ParallelR1.Training;
using ParallelR1.Training.Recipes;
using static ParallelR1.Tests.Reproduction.MadeUpRows;

namespace ParallelR1.Tests.Reproduction;

public sealed class RowSetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_of_several_folders_make_one_table()
    {
        Write("a/rows", Row("base"), Row("unseen-s2", seed: 1));
        Write("b", Row("unseen-s2", seed: 2), Row("base"));

        var rows = RowSet.Read([_folder["a"], _folder["b"]], RecipeScale.Mini);

        Assert.Equal(["base", "unseen-s2"], rows.Names);
        Assert.Equal([1L, 2], rows["unseen-s2"].Select(r => r.Seed));
    }

    [Fact]
    public void The_table_averages_seeds_and_keeps_each()
    {
        var summary = ReproductionSummary.Of(RecipeScale.Mini, Set(Row("base", 1, seed: 1), Row("base", 3, seed: 2)));

        var suite = Assert.Single(summary.Rows).Suites[0].Value;
        Assert.Equal(0.5, suite.MeanAtK, 12);
        Assert.Equal([0.25, 0.75], suite.PerSeed);
    }

    [Theory]
    [InlineData("dtype", "these rows were made in different types: f32")]
    [InlineData("code", "by different training code: code")]
    [InlineData("recipe", "as 'unseen-s2' by different recipes or from different models")]
    [InlineData("grader", "by different graders")]
    [InlineData("start", "'unseen-s2' started from another 'sft-unseen'")]
    [InlineData("problems", "answer the same problems")]
    [InlineData("figures", "both are 'unseen-s2' with seed 1, with different figures")]
    public void Rows_that_do_not_belong_together_are_refused(string what, string message)
    {
        var other = Row("unseen-s2", seed: 2);
        other = what switch
        {
            "dtype" => other with { Dtype = "bf16" },
            "code" => other with { TrainingCode = "other code" },
            "recipe" => other with { RecipeHash = "other" },
            "grader" => other with { Grader = "semantic" },
            "start" => other with { After = "sft-unseen", AfterHash = "other" },
            "problems" => other with { Suites = [other.Suites[0] with { Correct = [1, 2] }] },
            _ => Row("unseen-s2", correct: 1),
        };

        var error = Assert.Throws<UsageException>(() => Set(Row("sft-unseen"), Row("unseen-s2"), other));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains("unseen-s2-seed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_commit_may_differ_where_the_training_code_does_not() =>
        Assert.Equal(["sft-unseen", "unseen-s2"], Set(Row("sft-unseen"), Row("unseen-s2") with { Commit = "other" }).Names);

    [Fact]
    public void Folders_without_rows_and_rows_of_another_scale_are_refused()
    {
        Write("mini", Row("base"));
        Directory.CreateDirectory(_folder["empty"]);

        Assert.Contains("holds no rows", Assert.Throws<UsageException>(() => RowSet.Read([_folder["empty"]], RecipeScale.Mini)).Message, StringComparison.Ordinal);
        Assert.Contains("no such folder", Assert.Throws<UsageException>(() => RowSet.Read([_folder["none"]], RecipeScale.Mini)).Message, StringComparison.Ordinal);
        Assert.Contains("of the scale 'mini', not 'paper'", Assert.Throws<UsageException>(() => RowSet.Read([_folder["mini"]], RecipeScale.Paper)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_compare_found_joins_the_table()
    {
        Write("rows", Row("base"));
        Directory.CreateDirectory(_folder["compared"]);
        var point = new CurvePoint("arm", 4, 192, 0.5, 0.4, 0.3, 0.5, 1.5);
        var finding = new Finding("1: more at the same cap", FindingVerdict.Shows, 0.2, 0.1, 0.3, "at least 10 points", "compare", "");
        SummaryJson.Write(_folder["compared/comparison.json"], new Summary { Rows = [], Curve = [point], Findings = [finding] });

        var merged = new ReproductionRun(_folder["out"], new ReproductionOptions { Scale = RecipeScale.Mini }, new QuietObserver()).Merge([_folder["rows"], _folder["compared"]]);

        Assert.Equal([point], merged.Curve);
        Assert.Equal(finding, merged.Findings![^1]);
        Assert.Contains("| arm | 4 | 192 | 50.0 | 40.0 [30.0, 50.0] | 1.50 |", File.ReadAllText(_folder["out/results.md"]), StringComparison.Ordinal);
        Assert.Contains("Accuracy against seconds", File.ReadAllText(_folder["out/report.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_that_was_not_run_is_named_in_the_table()
    {
        var rows = Set(Row("base"));

        var page = ResultsMarkdown.Create(RecipeScale.Mini, ReproductionSummary.Of(RecipeScale.Mini, rows), rows, ["base", "unseen-s2"]);

        Assert.Contains("| unseen-s2 | not run |", page, StringComparison.Ordinal);
        Assert.Contains("| base |  | 0.0 | 50.0 / ", page, StringComparison.Ordinal);
    }

    [Fact]
    public void At_paper_scale_the_published_figures_stand_beside_ours()
    {
        var row = Row("unseen-s2") with { Scale = "paper" };
        var rows = Set(row with { Suites = [row.Suites[0] with { Name = "aime25" }] });

        var page = ResultsMarkdown.Create(RecipeScale.Paper, ReproductionSummary.Of(RecipeScale.Paper, rows), rows, ["unseen-s2", "grpo"]);

        Assert.Contains("| 63.0 | 19.0 / 42.2 | 46.8 |", page, StringComparison.Ordinal);
        Assert.Contains("| grpo | not run |  |  |  |  | 0.0 | 14.8 / 32.4 | 45.1 |", page, StringComparison.Ordinal);
    }

    private void Write(string folder, params RowFigures[] rows)
    {
        Directory.CreateDirectory(_folder[folder]);
        foreach (var row in rows)
            row.Write(Path.Combine(_folder[folder], $"{row.Name}-seed{row.Seed}.json"));
    }
}
