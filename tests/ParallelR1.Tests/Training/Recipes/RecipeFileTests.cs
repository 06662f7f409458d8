using ParallelR1.IO;
using ParallelR1.Rewards;
using ParallelR1.Thinking;
using ParallelR1.Training.Policy;
using ParallelR1.Training.Recipes;
using ParallelR1.Training.Schedules;

namespace ParallelR1.Tests.Training.Recipes;

public sealed class RecipeFileTests
{
    private const string Small = """
        stage: rl
        name: small
        model:
          from: somewhere
        data: {train: gsm8k}
        rl:
          steps: 7
          aggregation: seq-mean-token-mean
        """;

    [Fact]
    public void Values_are_bound_and_all_else_keeps_the_published_default()
    {
        var recipe = RecipeFile.Parse(Small, "small.yaml");

        Assert.Equal(RecipeStage.Rl, recipe.Stage);
        Assert.Equal(7, recipe.Rl!.Steps);
        Assert.Equal(LossAggregation.SeqMeanTokenMean, recipe.Rl.Aggregation);
        Assert.Equal(8, recipe.Rl.SamplesPerPrompt);
        Assert.Equal(1e-6, recipe.Optimizer!.LearningRate);
        Assert.Equal(ScheduleKind.Constant, recipe.Optimizer.Schedule);
        Assert.Equal("accuracy_reward", recipe.Reward!.Method);
        Assert.Null(recipe.Sft);
    }

    [Fact]
    public void Settings_on_the_command_line_replace_add_and_nest()
    {
        var recipe = RecipeFile.Parse(Small, "small.yaml",
            ["rl.steps=9", "seed=5", "reward.schedule.tiers.parallel=1.5", "evaluation.suites=[{suite: aime24, samples: 4}]", "visibility=seen"]);

        Assert.Equal(9, recipe.Rl!.Steps);
        Assert.Equal(5, recipe.Seed);
        Assert.Equal(1.5, recipe.Reward!.Schedule!.Tiers.Parallel);
        Assert.Equal(10, recipe.Reward.Schedule.Window);
        Assert.Equal(new SuiteRecipe { Suite = "aime24", Samples = 4 }, Assert.Single(recipe.Evaluation.Suites));
        Assert.Equal(Visibility.Seen, recipe.Visibility);
    }

    [Theory]
    [InlineData("stage: rl\nrl:\n  stpes: 3", "r.yaml:3: rl.stpes: unknown key; did you mean 'steps'?")]
    [InlineData("stage: rl\nvisiblity: seen", "r.yaml:2: visiblity: unknown key; did you mean 'visibility'?")]
    [InlineData("stage: rl\nvisibility: unsen", "r.yaml:2: visibility: expected one of unseen, seen, found 'unsen'; did you mean 'unseen'?")]
    [InlineData("stage: rl\nrl: {steps: many}", "r.yaml:2: rl.steps: expected a whole number, found 'many'")]
    [InlineData("stage: rl\nrl: {steps: 1.5}", "r.yaml:2: rl.steps: expected a whole number, found '1.5'")]
    [InlineData("stage: rl\nrl: {steps: \"3\"}", "r.yaml:2: rl.steps: expected a whole number, found the text \"3\"")]
    [InlineData("stage: rl\nrl: {steps: }", "r.yaml:2: rl.steps: expected a whole number, found nothing")]
    [InlineData("stage: rl\ndata: {train: t}\nmodel: {from: m}\nreward: {method: accuracy_rewrd}", "r.yaml:4: reward.method: 'accuracy_rewrd' is no reward method of the family 'math'; did you mean 'accuracy_reward'?")]
    [InlineData("stage: rl\ndata: {train: t}\nmodel: {from: m}\nreward:\n  grader: semantik", "r.yaml:5: reward.grader: 'semantik' is no grader; did you mean 'semantic'?")]
    [InlineData("stage: sft\ndata: {train: t}\nmodel: {from: m}\nevaluation: {grader: exact}", "r.yaml:4: evaluation.grader: 'exact' is no grader. There are: strict,")]
    [InlineData("stage: sft\ndata: {train: t}\nmodel: {from: m}\nevaluation: {every: 3}", "r.yaml:4: evaluation.every: says when to measure, but evaluation.suites says nothing")]
    [InlineData("stage: rl\ndata: {train: t}\nmodel: {from: m}\nrl: {seen_correction: none}", "r.yaml:4: rl.seen_correction: belongs to visibility: seen")]
    [InlineData("stage: rl\nvisibility: seen\ndata: {train: t}\nmodel: {from: m}\nrl: {seen_correction: none}\nrollout: {exact: true}", "r.yaml:6: rollout.exact: needs rl.seen_correction: as-sampled")]
    [InlineData("stage: rl\ndata: {train: t}\nmodel: {from: m}\nrl: {overlong_buffer: 5000}", "r.yaml:4: rl.overlong_buffer: 5000 tokens are more than a response may have")]
    [InlineData("stage: rl\nrl: {objective: gpso}", "r.yaml:2: rl.objective: expected one of ppo, cispo, policy-gradient, on-policy, gspo, found 'gpso'; did you mean 'gspo'?")]
    [InlineData("stage: rl\nzzzzzzzzzzzzz: 1", "r.yaml:2: zzzzzzzzzzzzz: unknown key. A recipe has:")]
    [InlineData("stage: rl\nrl: {steps: 0}", "r.yaml:2: rl.steps: must be at least 1, found 0")]
    [InlineData("stage: rl\nrl: {steps: 99999999999}", "r.yaml:2: rl.steps: expected a whole number from -2147483648 to 2147483647, found '99999999999'")]
    [InlineData("stage: rl\nreward: {schedule: {tiers: {parallel: 1.0e+308}}}", "r.yaml:2: reward.schedule.tiers.parallel: must be at least -1000000 and at most 1000000, found 1.0e+308")]
    [InlineData("stage: rl\nrl: {clip_low: .nan}", "r.yaml:2: rl.clip_low: expected a number, found '.nan'")]
    [InlineData("stage: rl\nrl: [1, 2]", "r.yaml:2: rl: expected keys (")]
    [InlineData("stage: rl\noptimizer:\n  beta2: 1", "r.yaml:3: optimizer.beta2: must be at least 0 and below 1, found 1")]
    [InlineData("stage: rl\nevaluation: {suites: aime24}", "r.yaml:2: evaluation.suites: expected a list of keys (suite, samples, limit), found 'aime24'")]
    [InlineData("stage: rl\nevaluation: {suites: [{samples: 2}]}", "r.yaml:2: evaluation.suites[0].suite: missing")]
    [InlineData("name: x", "r.yaml:1: stage: missing, and it has no default; expected one of sft, rl, eval")]
    [InlineData("", "r.yaml:1: stage: missing")]
    [InlineData("- 1", "r.yaml:1: a recipe is a set of keys")]
    [InlineData("stage: rl\nseed: 1\nseed: 2", "r.yaml:3: the key 'seed' stands here for the second time (first: r.yaml:2)")]
    [InlineData("stage: rl\nmodel: &m {from: x}", "r.yaml:2: anchors and tags are not part of a recipe")]
    [InlineData("stage: rl\nname: *m", "r.yaml:2: aliases are not part of a recipe")]
    [InlineData("stage: rl\n  name: : x", "r.yaml:2: not valid YAML")]
    [InlineData("stage: rl\n---\nstage: sft", "a second document")]
    [InlineData("stage: rl\ndata: {train: x}\nmodel: {from: x}\nsft:\n  epochs: 2", "r.yaml:4: sft: this section does not belong to the stage 'rl'")]
    [InlineData("stage: rl\ndata: {train: x}\nmodel: {from: x}\nrl:\n  mini_batches: 3", "r.yaml:5: rl.mini_batches: must divide prompts_per_step: 256")]
    [InlineData("stage: rl\ndata: {train: x}", "model: say where the model comes from")]
    [InlineData("stage: rl\nmodel: {from: x}", "data.train: say what to train on")]
    [InlineData("stage: sft\nmodel:\n  from: x\n  init: {tokenizer: y}", "r.yaml:4: model.init: a model is either read")]
    [InlineData("stage: sft\nmodel:\n  init: {tokenizer: y, heads: 6, kv_heads: 4, hidden_size: 96}", "r.yaml:3: model.init.kv_heads: must divide heads")]
    [InlineData("stage: sft\nmodel: {from: x}\noptimizer: {warmup_steps: 5}", "r.yaml:3: optimizer.warmup_steps: warm-up is given twice")]
    [InlineData("stage: sft\nmodel: {from: x}\noptimizer: {min_ratio: 0.1}", "r.yaml:3: optimizer.min_ratio: this schedule ends at zero")]
    [InlineData("stage: rl\nmodel: {from: x}\nrollout: {temperature: 0.7}\ndata: {train: y}\nreward: {}", "r.yaml:3: rollout.temperature: the policy that learns is the one that samples")]
    [InlineData("stage: rl\nrollout:\n  path_tokens: 4000", "r.yaml:3: rollout.path_tokens: a path of 4000 tokens does not fit")]
    [InlineData("stage: rl\nrollout:\n  critical_tokens: 4000", "r.yaml:3: rollout.critical_tokens: a critical path of 4000 tokens is longer than a response may be")]
    public void A_wrong_recipe_names_the_place_the_key_and_the_remedy(string text, string message)
    {
        var error = Assert.Throws<UsageException>(() => RecipeFile.Parse(text, "r.yaml"));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("rl.steps", "expected KEY=VALUE")]
    [InlineData("=3", "expected KEY=VALUE")]
    [InlineData("rl..steps=3", "expected KEY=VALUE")]
    [InlineData("rl.stepz=3", "--set rl.stepz=3: rl.stepz: unknown key; did you mean 'steps'?")]
    [InlineData("name.x=3", "--set name.x=3: 'name' is not a section")]
    [InlineData("rl.steps=-3", "--set rl.steps=-3: rl.steps: must be at least 1, found -3")]
    public void A_wrong_setting_names_itself(string setting, string message)
    {
        var error = Assert.Throws<UsageException>(() => RecipeFile.Parse(Small, "r.yaml", [setting]));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_resolved_recipe_reads_back_to_the_same_recipe()
    {
        var recipe = RecipeFile.Parse(Small, "small.yaml",
        [
            "title=\"a: b # \\\"c\\\" é 漢 😀 \\u0001\\n\"", "name='123'", "optimizer.learning_rate=0.00030000000000000003", "after=\"null\"",
            "reward.schedule={}", "evaluation.suites=[{suite: a}, {suite: b c, limit: 3}]",
        ]);

        var text = RecipeFile.Write(recipe);
        var again = RecipeFile.Parse(text, "resolved.yaml");

        Assert.Equal(text, RecipeFile.Write(again));
        Assert.Equal(recipe.Title, again.Title);
        Assert.Equal("null", again.After);
        Assert.Equal(recipe.Evaluation.Suites, again.Evaluation.Suites);
        Assert.Equal(recipe.Data.Map, again.Data.Map);
        Assert.Equal(recipe with { Evaluation = again.Evaluation, Data = recipe.Data with { Map = again.Data.Map } }, again);
    }

    [Fact]
    public void Deep_nesting_is_an_error_and_not_a_crash()
    {
        var error = Assert.Throws<UsageException>(() => RecipeFile.Parse("stage: " + new string('[', 100_000), "r.yaml"));

        Assert.Contains("nested deeper than", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_damage_gives_a_usage_error_or_a_recipe()
    {
        var text = RecipeFile.Write(RecipeFile.Parse(Small, "small.yaml"));
        var key = RandomKey.FromSeed(3);
        for (var i = 0; i < 300; i++)
        {
            var chars = text.ToCharArray();
            for (var j = 0; j < 3; j++)
                chars[key.Fold(i).Next(chars.Length, j)] = ":-[]{}#&*!|>'\"%@`\n\t \0é"[key.Fold(i).Next(22, 10 + j)];
            try
            {
                RecipeFile.Parse(new string(chars), "r.yaml");
            }
            catch (UsageException)
            {
            }
        }
    }

    [Fact]
    public void Every_recipe_of_the_repository_binds_and_starts_from_one_that_exists()
    {
        var folder = RecipeFile.RecipesFolder ?? Path.Combine(KnownFolders.Checkout!, "recipes");
        var recipes = RecipeFile.Names(folder).ToDictionary(n => n, n => RecipeFile.Load(Path.Combine(folder, n + ".yaml")));

        Assert.NotEmpty(recipes);
        Assert.All(recipes, r => Assert.True(r.Value.After is null || recipes.ContainsKey($"{Path.GetDirectoryName(r.Key)}/{r.Value.After}"), $"{r.Key} starts from '{r.Value.After}', which is not there"));
        Assert.All(recipes, r => Assert.Equal(Path.GetDirectoryName(r.Key), r.Value.Scale.ToString().ToLowerInvariant()));
    }

    [Fact]
    public void The_alternating_recipe_of_the_publication_has_its_published_values()
    {
        var recipe = RecipeFile.Load("paper/unseen-s2");

        Assert.Equal((0.2, 0.28, 3.0), (recipe.Rl!.ClipLow, recipe.Rl.ClipHigh, recipe.Rl.DualClip));
        Assert.Equal(new RewardSchedule { Window = 10, AccuracyFraction = 0.8, Tiers = new RewardTiers { Parallel = 1.2, Plain = 1, Wrong = -1 } }, recipe.Reward!.Schedule);
        Assert.Equal((2, 4, 3000), (recipe.Rollout.Paths, recipe.Rollout.Blocks, recipe.Rollout.MaxTokens));
    }

    [Fact]
    public void An_unknown_recipe_name_lists_the_known_ones()
    {
        var error = Assert.Throws<UsageException>(() => RecipeFile.Load("paper/unseen-s3"));

        Assert.Contains("did you mean 'paper/unseen-s", error.Message, StringComparison.Ordinal);
    }
}
