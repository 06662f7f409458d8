using ParallelR1.Generation;
using ParallelR1.Reproduction;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Tests.Reproduction;

public sealed class DryRunTests
{
    private static readonly DtypeMeasurement s_speed = new() { F32Gflops = 100, Bf16Gflops = 400, Bf16Speed = 4, Bf16Error = 0, Bf16Wrong = null };

    [Theory]
    [InlineData(RecipeScale.Mini)]
    [InlineData(RecipeScale.Small)]
    [InlineData(RecipeScale.Paper)]
    public void Every_stage_of_a_scale_is_estimated_after_what_it_comes_after(RecipeScale scale)
    {
        var stages = Of(scale, "core", "ablations", "ours").Stages;

        Assert.Empty(ReproductionRows.All.Except(stages.Select(s => s.Name)));
        Assert.All(stages.Select((stage, i) => (stage, i)), s => Assert.True(s.stage.After is null || stages.Take(s.i).Any(earlier => earlier.Name == s.stage.After)));
        Assert.All(stages, s => Assert.True(s.Estimate is { Tokens: > 0, Seconds: > 0, MemoryBytes: > 1 << 28 }));
    }

    [Fact]
    public void Twice_the_steps_take_twice_the_rollouts()
    {
        long Tokens(int steps) => DryRun.Of(new ReproductionOptions { Scale = RecipeScale.Mini, Rows = ["unseen-s2"], Seeds = 1, Settings = [$"rl.steps={steps}", "evaluation.suites=[]"] }, s_speed).Stages[^1].Estimate.Tokens;

        Assert.Equal(2 * Tokens(50), Tokens(100));
    }

    [Fact]
    public void Seeds_take_more_time_and_no_more_memory()
    {
        PlannedStage Stage(int seeds) => DryRun.Of(new ReproductionOptions { Scale = RecipeScale.Mini, Rows = ["base"], Seeds = seeds }, s_speed).Stages[0];

        Assert.Equal(3 * Stage(1).Estimate.Seconds, Stage(3).Estimate.Seconds, 6);
        Assert.Equal(Stage(1).Estimate.MemoryBytes, Stage(3).Estimate.MemoryBytes);
    }

    [Fact]
    public void The_published_model_needs_its_weights_gradients_moments_and_master_copy()
    {
        var memory = Of(RecipeScale.Paper, "unseen-s2").Stages[^1].Estimate.MemoryBytes;

        Assert.InRange(memory, 4.0e9 * 18, 4.0e9 * 30);
    }

    [Fact]
    public void Programs_read_stages_with_the_promised_keys()
    {
        var stage = Of(RecipeScale.Mini, "unseen-s2").ToJson()["stages"]![1]!.AsObject();

        Assert.Equal(["name", "scale", "after", "seeds", "tokens", "operations", "seconds", "memory_bytes"], stage.Select(p => p.Key));
        Assert.Equal(("unseen-s2", "sft-unseen"), ((string?)stage["name"], (string?)stage["after"]));
    }

    [Fact]
    public void A_wrong_setting_is_found_before_anything_runs() =>
        Assert.Contains("rl.stepz: unknown key", Assert.Throws<UsageException>(() => DryRun.Of(new ReproductionOptions { Scale = RecipeScale.Mini, Settings = ["rl.stepz=1"] }, s_speed)).Message, StringComparison.Ordinal);

    private static DryRun Of(RecipeScale scale, params string[] rows) => DryRun.Of(new ReproductionOptions { Scale = scale, Rows = rows, Seeds = 1 }, s_speed);
}
