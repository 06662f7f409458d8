using System.Text.Json.Nodes;
using ParallelR1.Evaluation;
using ParallelR1.Reproduction;
using ParallelR1.Training;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Tests.EndToEnd;

/// <summary>The mini recipes with a step each and two problems.</summary>
public sealed class ReproductionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Rows_are_made_whatever_their_order_and_the_table_is_written()
    {
        var summary = await Run("out", 1, "unseen-s2", "base");

        Assert.Equal(["base", "unseen-s2"], summary.Rows.Select(r => r.Name));
        Assert.Equal(["base-seed1.json", "sft-unseen-seed1.json", "unseen-s2-seed1.json"], Directory.GetFiles(_folder["out/rows"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var row = RowFigures.Read(_folder["out/rows/unseen-s2-seed1.json"]);
        Assert.Equal((2, "sft-unseen", 1), (row.Suites[0].Correct.Count, row.After, row.Steps.Count));
        Assert.Equal(RecipeFile.Load("mini/unseen-s2").Rollout, RecipeFile.Parse(row.ResolvedRecipe!, "row").Rollout with { MaxTokens = 768 });
        Assert.Empty(RowFigures.Read(_folder["out/rows/sft-unseen-seed1.json"]).Suites);
        var json = JsonNode.Parse(File.ReadAllText(_folder["out/summary.json"]))!;
        Assert.Equal(["rows", "comparisons", "findings"], json.AsObject().Select(p => p.Key));
        Assert.Contains("| base | Base |", File.ReadAllText(_folder["out/results.md"]), StringComparison.Ordinal);
        Assert.Contains("Beyond the table", File.ReadAllText(_folder["out/report.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Started_again_with_more_rows_it_makes_only_those_and_a_stage_that_others_started_from_is_measured_now()
    {
        await Run("out", 1, "unseen-s2");
        var trained = File.GetLastWriteTimeUtc(_folder["out/sft-unseen-seed1/metrics.jsonl"]);

        var summary = await Run("out", 1, "unseen-s2", "sft-unseen");

        Assert.Equal(["sft-unseen", "unseen-s2"], summary.Rows.Select(r => r.Name));
        Assert.Equal(trained, File.GetLastWriteTimeUtc(_folder["out/sft-unseen-seed1/metrics.jsonl"]));
    }

    [Fact]
    public async Task A_row_by_the_same_recipe_as_another_is_not_trained_again()
    {
        var summary = await Run("out", 1, "unseen-s1", "rl-s1");

        Assert.Equal(["unseen-s1", "rl-s1"], summary.Rows.Select(r => r.Name));
        Assert.Equal(summary.Rows[0].Suites[0].Value.PerSeed, summary.Rows[1].Suites[0].Value.PerSeed);
        Assert.False(Directory.Exists(_folder["out/rl-s1-seed1"]));
        Assert.False(Directory.Exists(_folder["out/sft-seed1"]));
    }

    [Fact]
    public async Task Rows_of_two_runs_are_merged_into_the_table_of_one()
    {
        await Run("first", 1, "base");
        await Run("second", 1, "sft-unseen");

        var merged = new ReproductionRun(_folder["merged"], Options(1, "base", "sft-unseen", "grpo"), new QuietObserver()).Merge([_folder["first"], _folder["second"]]);

        Assert.Equal(["base", "sft-unseen"], merged.Rows.Select(r => r.Name));
        Assert.Contains("| grpo | not run |", File.ReadAllText(_folder["merged/results.md"]), StringComparison.Ordinal);
        Assert.Equal(merged.Findings, SummaryJson.ReadSummary(_folder["merged/summary.json"]).Findings);
    }

    [Fact]
    public void Each_seed_trains_by_itself_and_starts_from_its_own()
    {
        var rows = Options(2, "unseen-s2", "control").Plan();

        Assert.Equal(
            ["sft-unseen-seed1", "unseen-s2-seed1", "sft-sequential-seed1", "control-seed1", "sft-unseen-seed2", "unseen-s2-seed2", "sft-sequential-seed2", "control-seed2"],
            rows.Select(r => r.Key));
        Assert.Equal("sft-unseen-seed2", rows.Single(r => r.Key == "unseen-s2-seed2").After);
        Assert.All(rows, row => Assert.EndsWith($"-seed{row.Recipe.Seed}", row.Key, StringComparison.Ordinal));
    }

    [Fact]
    public void The_core_has_three_seeds_at_mini_scale_and_all_else_one()
    {
        var options = new ReproductionOptions { Scale = RecipeScale.Mini };

        Assert.Equal((3, 1), (options.SeedsOf("unseen-s2"), options.SeedsOf("ablation-skip-sft")));
        Assert.Equal(1, (options with { Scale = RecipeScale.Paper }).SeedsOf("unseen-s2"));
    }

    [Fact]
    public void An_unknown_row_is_refused_with_what_there_is() =>
        Assert.Contains("did you mean 'unseen-s", Assert.Throws<UsageException>(() => Options(1, "unseen-s3").Plan()).Message, StringComparison.Ordinal);

    private Task<Summary> Run(string output, int seeds, params string[] rows) => new ReproductionRun(_folder[output], Options(seeds, rows), new QuietObserver()).RunAsync();

    private static ReproductionOptions Options(int seeds, params string[] rows) => new()
    {
        Scale = RecipeScale.Mini,
        Rows = rows,
        Seeds = seeds,
        Settings =
        [
            "model.dtype=f32", "data.limit=24", "sft.steps=1", "rl.steps=1", "rl.prompts_per_step=2", "rl.samples_per_prompt=2", "rl.mini_batches=1",
            "evaluation={grader: strict, suites: [{suite: synthetic-hard-test, samples: 2, limit: 2}]}",
        ],
    };
}
