using ParallelR1.Runs;
using ParallelR1.Training;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Tests.EndToEnd;

/// <summary>Two steps of each stage by the recipes of mini scale, in the type that is taken here.</summary>
public sealed class MiniStepsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Two_steps_of_fine_tuning_and_then_of_reinforcement_learning_are_finite_and_recorded()
    {
        var start = Run("mini/sft", SftStage.Run, "sft.steps=2", "data.limit=96");
        var end = Run("mini/rl-s2", RlStage.Run, $"model.from={Path.Combine(start, "model")}", "rl.steps=2", "rl.prompts_per_step=4", "rl.samples_per_prompt=4", "rollout.max_tokens=80", "rollout.critical_tokens=60", "rollout.path_tokens=16", "rollout.summary_tokens=8");

        foreach (var folder in new[] { start, end })
        {
            var losses = MetricsLog.Read(Path.Combine(folder, "metrics.jsonl")).Where(line => (string?)line["kind"] == "train").Select(line => (double)line["loss"]!).ToArray();
            Assert.Equal(2, losses.Length);
            Assert.All(losses, loss => Assert.True(double.IsFinite(loss)));
            var stored = RecipeFile.Load(Path.Combine(folder, "recipe.yaml"), []).Model;
            Assert.NotEqual(DtypeChoice.Auto, stored.Dtype);
            Assert.NotNull(stored.DtypeReason);
        }
    }

    private string Run(string recipe, Action<Recipe, RunFolder, IRunObserver, CancellationToken> stage, params string[] settings)
    {
        var loaded = RecipeFile.Load(recipe, settings);
        var resolved = StageModel.Resolve(loaded with { Evaluation = loaded.Evaluation with { Suites = [] } }, new QuietObserver());
        var folder = _folder[resolved.Name];
        using var run = resolved.OpenRun(folder, resume: false);
        stage(resolved, run, new QuietObserver(), CancellationToken.None);
        return folder;
    }
}
