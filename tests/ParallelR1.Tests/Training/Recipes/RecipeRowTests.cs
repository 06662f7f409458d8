using ParallelR1.Training.Recipes;

namespace ParallelR1.Tests.Training.Recipes;

/// <summary>The rows of the table, one recipe each at every scale: a row differs from its sibling only in what it is about.</summary>
public sealed class RecipeRowTests
{
    private const string Budget = "rl.steps rl.prompts_per_step rl.samples_per_prompt rl.mini_batches reward.family";

    /// <summary>A row, its sibling, and the keys (or sections) in which they may differ.</summary>
    private static readonly (string Row, string Sibling, string Keys)[] s_rows =
    [
        ("sft-unseen", "", ""),
        ("sft-seen", "sft-unseen", "visibility data.train sft.epochs"),
        ("unseen-s1", "", ""),
        ("unseen-s2", "unseen-s1", "reward.schedule rl.clip_high"),
        ("seen", "unseen-s1", "after visibility rl.prompts_per_step rl.mini_batches"),
        ("seen-easy-rl", "unseen-s1", $"after visibility data.train reward.method {Budget}"),
        ("grpo", "unseen-s1", "after model.from data.prompt_template rollout"),
        ("grpo-easy-rl", "grpo", $"data.train {Budget}"),
        ("grpo-after-easy-rl", "grpo", "after model.from"),
        ("control", "grpo", "after model.from"),
        ("mid-training-1", "unseen-s2", "rl.steps"),
        ("mid-training", "unseen-s1", "after rl.steps"),
        ("ablation-seen-no-easy-rl", "seen", "after"),
        ("ablation-seen-no-prompt-easy-rl", "seen-easy-rl", "data.prompt_template"),
        ("ablation-seen-no-prompt", "seen", "after data.prompt_template"),
        ("ablation-s1-easy-rl", "seen-easy-rl", "after visibility"),
        ("ablation-s1-after-easy-rl", "unseen-s1", "after"),
        ("ablation-parallel-only", "unseen-s2", "reward.schedule reward.method"),
        ("ablation-alternation-5-of-10", "unseen-s2", "reward.schedule.accuracy_fraction"),
        ("ablation-alternation-16-of-20", "unseen-s2", "reward.schedule.window"),
        ("ablation-skip-sft", "unseen-s2", "after model.from model.fresh_tags"),
        ("ours-numbered", "unseen-s2", "after rollout.number_paths"),
        ("ours-3-paths", "ours-numbered", "rollout.paths"),
        ("ours-4-paths", "ours-numbered", "rollout.paths"),
        ("ours-credit-by-part", "ours-numbered", "rl.credit data.train"),
    ];

    public static IEnumerable<object[]> All => from scale in new[] { "mini", "small", "paper" } from row in s_rows select new object[] { scale, row.Row };

    [Theory]
    [MemberData(nameof(All))]
    public void A_row_differs_from_its_sibling_only_in_what_it_is_about(string scale, string row)
    {
        var (_, sibling, keys) = s_rows.Single(r => r.Row == row);
        var recipe = RecipeFile.Load($"{scale}/{row}");

        Assert.Equal(row, recipe.Name);
        if (sibling.Length == 0)
            return;
        var (mine, other) = (RecipeFile.Flatten(recipe), RecipeFile.Flatten(RecipeFile.Load($"{scale}/{sibling}")));
        var different = mine.Keys.Union(other.Keys).Where(key => key is not ("name" or "title") && mine.GetValueOrDefault(key) != other.GetValueOrDefault(key));
        Assert.DoesNotContain(different, key => !keys.Split(' ').Any(may => key == may || key.StartsWith($"{may}.", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("mini", "base base-bundled control-tokens sft sft-numbered sft-sequential rl-s1 rl-s2 rl-s2-numbered")]
    [InlineData("small", "base")]
    [InlineData("paper", "base")]
    public void Every_recipe_of_a_scale_is_a_row_or_what_rows_are_made_of(string scale, string others)
    {
        Assert.SkipWhen(RecipeFile.RecipesFolder is null, "no checkout around the tests");
        var names = RecipeFile.Names(RecipeFile.RecipesFolder!).Where(name => name.StartsWith($"{scale}/", StringComparison.Ordinal)).Select(name => name[(scale.Length + 1)..]);

        Assert.Equal(names.Order(StringComparer.Ordinal), s_rows.Select(r => r.Row).Concat(others.Split(' ')).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("mini")]
    [InlineData("small")]
    [InlineData("paper")]
    public void The_scaffold_takes_two_thirds_of_as_many_steps_as_its_control(string scale)
    {
        int Steps(string row) => RecipeFile.Load($"{scale}/{row}").Rl!.Steps;

        Assert.Equal(Steps("control"), Steps("mid-training-1") + Steps("mid-training"));
        Assert.Equal((int)Math.Round(Steps("control") * 2 / 3.0), Steps("mid-training-1"));
    }

    [Theory]
    [InlineData("sft", "sft-unseen")]
    [InlineData("rl-s1", "unseen-s1")]
    [InlineData("rl-s2", "unseen-s2")]
    [InlineData("rl-s2-numbered", "ours-numbered")]
    public void The_short_names_of_the_mini_scale_mean_the_same_as_the_rows(string name, string row)
    {
        static Dictionary<string, string> Values(string recipe) =>
            RecipeFile.Flatten(RecipeFile.Load($"mini/{recipe}")).Where(pair => pair.Key is not ("name" or "title" or "after")).ToDictionary();

        Assert.Equal(Values(name), Values(row));
    }

    [Fact]
    public void A_recipe_has_what_it_extends_below_its_own_keys()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["below.yaml"], "stage: rl\nname: other\ntitle: Other\nmodel: {from: m}\ndata: {train: t}\nrl: {steps: 7, clip_high: 0.3}\nreward: {schedule: {window: 20}}");
        File.WriteAllText(folder["own.yaml"], "extends: below\nrl:\n  steps: 9\nreward: {schedule: null}");

        var recipe = RecipeFile.Load(folder["own.yaml"], ["rl.samples_per_prompt=3"]);

        Assert.Equal(("own", null, 9, 0.3, 3), (recipe.Name, recipe.Title, recipe.Rl!.Steps, recipe.Rl.ClipHigh, recipe.Rl.SamplesPerPrompt));
        Assert.Null(recipe.Reward!.Schedule);
        Assert.Equal("t", recipe.Data.Train);
    }

    [Theory]
    [InlineData("extends: nowhere", "nowhere: no such recipe")]
    [InlineData("extends: [a]", "a.yaml:1: extends: expected the name of another recipe")]
    [InlineData("extends: a", "a.yaml:1: extends: 'a' extends this recipe in turn")]
    [InlineData("extends: b", "b.yaml:1: extends: 'a' extends this recipe in turn")]
    public void What_cannot_be_extended_is_said(string text, string message)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.yaml"], text);
        File.WriteAllText(folder["b.yaml"], "extends: a");

        var error = Assert.Throws<UsageException>(() => RecipeFile.Load(folder["a.yaml"]));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_key_of_an_extended_recipe_is_placed_in_its_file()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["below.yaml"], "stage: rl\nrl: {stepz: 7}");
        File.WriteAllText(folder["own.yaml"], "extends: below");

        Assert.Contains("below.yaml:2: rl.stepz: unknown key", Assert.Throws<UsageException>(() => RecipeFile.Load(folder["own.yaml"])).Message, StringComparison.Ordinal);
    }
}
