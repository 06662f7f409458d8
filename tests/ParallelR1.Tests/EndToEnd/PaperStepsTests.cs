using ParallelR1.Runs;
using ParallelR1.Training;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Tests.EndToEnd;

/// <summary>One step by each recipe of the small and the paper scale, on a tiny decoder in place of theirs: hyper-parameters as they are, sizes cut down.</summary>
public sealed class PaperStepsTests(PaperStepsTests.Model model) : IClassFixture<PaperStepsTests.Model>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static IEnumerable<object[]> Recipes => RecipeFile.RecipesFolder is { } folder
        ? RecipeFile.Names(folder).Where(name => !name.StartsWith("mini/", StringComparison.Ordinal)).Select(name => new object[] { name })
        : [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Recipes))]
    public async Task A_step_by_the_recipe_is_finite(string name)
    {
        var recipe = RecipeFile.Load(name, [.. Settings(RecipeFile.Load(name))]);
        if (recipe.Stage == RecipeStage.Eval)
        {
            Assert.Single((await RecipeEvaluation.RunAsync(model.Folder, recipe, name, null, new QuietObserver()))[0].Correct);
            return;
        }

        var output = _folder["run"];
        using (var run = recipe.OpenRun(output, resume: false))
        {
            if (recipe.Stage == RecipeStage.Sft)
                SftStage.Run(recipe, run, new QuietObserver());
            else
                RlStage.Run(recipe, run, new QuietObserver());
        }

        Assert.True(double.IsFinite((double)Assert.Single(MetricsLog.Read(Path.Combine(output, "metrics.jsonl")))[MetricNames.Loss]!));
    }

    private IEnumerable<string> Settings(Recipe recipe) =>
    [
        $"model.from={model.Folder}", "model.dtype=f32", "rollout.max_tokens=24",
        .. recipe.Stage switch
        {
            RecipeStage.Sft => ["data.train=synthetic-cold-start", "data.limit=4", "sft.batch_size=4", "sft.steps=1", "evaluation.suites=[]"],
            RecipeStage.Rl => ["data.train=synthetic-hard-train", "data.limit=8", "rl.steps=1", $"rl.prompts_per_step={recipe.Rl!.MiniBatches}", "rl.samples_per_prompt=2", "evaluation.suites=[]"],
            _ => new[] { "evaluation.suites=[{suite: synthetic-hard-test, limit: 1}]" },
        },
    ];

    /// <summary>The decoder.</summary>
    public sealed class Model : IDisposable
    {
        private readonly TinyRuns _runs = new();

        public Model() => Folder = Path.Combine(_runs.Run(_runs.Sft("f32", "sft.steps=1"), SftStage.Run, "tiny"), "model");

        public string Folder { get; }

        public void Dispose() => _runs.Dispose();
    }
}
