using System.Text.Json.Nodes;
using ParallelR1.IO;
using ParallelR1.Runs;
using ParallelR1.Thinking;
using ParallelR1.Training;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Tests.EndToEnd;

/// <summary>Reinforcement learning of a very small model, from recipe to figures.</summary>
public sealed class RlStageTests : IDisposable
{
    private readonly TinyRuns _runs = new();
    private readonly string _start;

    public RlStageTests() => _start = Path.Combine(_runs.Run(_runs.Sft("f32"), SftStage.Run, "start"), "model");

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void The_figures_of_a_step_are_those_of_its_stored_rollouts()
    {
        var folder = Run("rl.steps=2");

        foreach (var line in Steps(folder))
        {
            var rollouts = Rollouts(folder, MetricsLog.StepOf(line)!.Value);
            var texts = rollouts.Select(r => (string)r["response"]!).ToArray();
            Assert.Equal(16, rollouts.Count);
            Near(rollouts.Average(r => (double)r["reward"]!), line, MetricNames.Reward);
            Near(rollouts.Average(r => (string?)r["verdict"] == "correct" ? 1.0 : 0), line, MetricNames.Accuracy);
            Near(texts.Average(t => t.Contains("<Parallel>", StringComparison.Ordinal) ? 1.0 : 0), line, MetricNames.ParallelRatio);
            Near(texts.Average(t => t.Contains("<Parallel>", StringComparison.Ordinal) && FormatValidator.Check(t).IsValid ? 1.0 : 0), line, MetricNames.WellFormedRatio);
            Near(rollouts.Average(r => (double)r["blocks"]!), line, MetricNames.Blocks);
            Near(rollouts.Average(r => (double)r["tokens"]!), line, MetricNames.ResponseTokens);
            Near(rollouts.Sum(r => (double)r["tokens"]!), line, MetricNames.TokensTotal);
            Near(rollouts.Sum(r => (double)r["tokens_critical_path"]!), line, MetricNames.TokensCriticalPath);
            Near(rollouts.GroupBy(r => (int)r["group"]!).Count(g => g.All(r => (double)r["advantage"]! == 0)), line, "groups_without_spread");
            Assert.All(rollouts.GroupBy(r => (int)r["group"]!), g => Assert.Equal(0, g.Sum(r => (double)r["advantage"]!), 5));
            if (line[MetricNames.LogProbDifferenceMax] is { } difference)
                Assert.InRange((double)difference, 0, 2e-5);
            Assert.All(new[] { "rollout", "grade", "train" }, phase => Assert.True((double)line[MetricNames.Seconds]![phase]! >= 0));
        }
    }

    [Theory]
    [InlineData("visibility=unseen", "model.dtype=f32")]
    [InlineData("visibility=unseen", "model.dtype=bf16")]
    [InlineData("visibility=seen", "model.dtype=f32")]
    [InlineData("visibility=seen", "model.dtype=bf16", "model.recompute=true")]
    public void Exact_rollouts_have_the_log_probabilities_of_the_trainer_in_every_step(params string[] settings)
    {
        var folder = Run(["rl.steps=3", .. settings]);

        // The difference is that of a step's first update, which may have no response with an advantage.
        var scored = Steps(folder).Where(line => line[MetricNames.LogProbDifferenceMax] is not null).ToList();
        Assert.NotEmpty(scored);
        Assert.All(scored, line => Assert.Equal(0, (double)line[MetricNames.LogProbDifferenceMax]!));
    }

    [Theory]
    [InlineData("rl.objective=cispo")]
    [InlineData("rl.objective=policy-gradient")]
    [InlineData("rl.objective=on-policy")]
    [InlineData("rl.objective=gspo")]
    [InlineData("rl.kl_coefficient=0.5")]
    [InlineData("rl.kl_coefficient=0.5 rl.kl_estimator=k1-straight-through")]
    [InlineData("rl.overlong_buffer=30")]
    [InlineData("rl.entropy_coefficient=0.01")]
    [InlineData("rl.rollout_correction.level=sequence rl.rollout_correction.cap=1 rl.rollout_correction.floor=1")]
    public void Every_objective_learns_something_of_its_own(string settings)
    {
        // Rollout and trainer differ by rounding only: with equal log-probabilities some objectives are the same thing in a step's first update.
        string[] start = ["rl.steps=2", "rollout.exact=false"];
        var (usual, other) = (Run(start), Run([.. start, .. settings.Split(' ')]));

        Assert.NotEqual(File.ReadAllBytes(Path.Combine(usual, "model", "model.safetensors")), File.ReadAllBytes(Path.Combine(other, "model", "model.safetensors")));
        Assert.All(Steps(other), line => Assert.True(double.IsFinite((double)line[MetricNames.GradNorm]!)));
    }

    [Fact]
    public void The_divergence_is_nothing_before_the_first_update_and_grows_with_it()
    {
        var lines = Steps(Run("rl.steps=3", "rl.mini_batches=1", "rl.kl_coefficient=0.1"));

        Assert.Equal(0, (double)lines[0]["kl"]!, 6);
        Assert.True((double)lines[2]["kl"]! > 0);
    }

    [Fact]
    public void Dynamic_sampling_asks_on_until_the_groups_differ_and_fills_up_where_its_budget_ends()
    {
        var folder = Run("rl.steps=3", "rl.dynamic_sampling_rounds=3", "rl.prompts_per_step=2", "rl.mini_batches=1");

        foreach (var line in Steps(folder))
        {
            var rollouts = Rollouts(folder, MetricsLog.StepOf(line)!.Value);
            var rounds = (int)line["sampling_rounds"]!;
            Assert.InRange(rounds, 1, 3);
            Assert.Equal(rounds * 2 * 4, (int)line["responses_generated"]!);
            Assert.Equal([0, 1], rollouts.Select(r => (int)r["group"]!).Distinct());
            Assert.Equal(8, rollouts.Count);
            if (rounds < 3)
                Assert.Equal(0, (int)line["groups_without_spread"]!);
        }
    }

    [Fact]
    public void An_optimal_baseline_weighs_the_rewards_of_a_group_by_length()
    {
        var folder = Run("rl.steps=1", "rl.advantage_scale=optimal-baseline", "rl.mask_injected=false");

        foreach (var group in Rollouts(folder, 1).GroupBy(r => (int)r["group"]!))
        {
            var baseline = group.Sum(r => (double)r["reward"]! * (double)r["tokens"]!) / group.Sum(r => (double)r["tokens"]!);
            Assert.All(group, r => Assert.Equal((double)r["reward"]! - baseline, (double)r["advantage"]!, 6));
        }
    }

    [Fact]
    public void Rollouts_of_the_trainers_own_policy_need_no_correction()
    {
        var line = Steps(Run("rl.steps=1", "rl.rollout_correction.level=sequence"))[0];

        Assert.Equal(1, (double)line["importance_weights"]!["mean"]!, 4);
        Assert.Equal(0, (double)line["rollout_mismatch"]!["kl"]!, 5);
        Assert.Equal(0, (double)line["rejected_ratio"]!);
    }

    [Fact]
    public void What_differs_too_much_from_the_trainer_is_taken_out_of_the_loss()
    {
        var line = Steps(Run("rl.steps=1", "rollout.exact=false", "rl.rollout_correction.reject=[{statistic: k3, scope: sequence-max, high: 1.0e-14}]"))[0];

        var rejected = (double)line["rejected_ratio"]!;
        Assert.InRange(rejected, 1e-3, 1);
        Assert.True((int)line["loss_tokens"]! < (int)line[MetricNames.TokensTotal]!);
    }

    [Fact]
    public void Sinks_hear_what_the_log_holds()
    {
        var recipe = TinyRuns.Rl(_start, "rl.steps=2");
        var sink = new ListSink();
        using var run = recipe.OpenRun(_runs["sinks"], resume: false);
        run.Sinks.Add(sink);
        RlStage.Run(recipe, run, new QuietObserver());

        Assert.Equal(Steps(_runs["sinks"]).Select(line => (MetricsLog.StepOf(line), (double)line[MetricNames.Reward]!)), sink.Heard);
    }

    [Fact]
    public void Long_responses_lose_reward()
    {
        var folder = Run("rl.steps=1", "rl.overlong_buffer=30", "rl.overlong_penalty=2", "reward.method=accuracy_reward");

        Assert.All(Rollouts(folder, 1), r => Assert.Equal(
            ((string?)r["verdict"] == "correct" ? 1 : -1) - Math.Max(0, (int)r["tokens"]! - 30) / 30.0 * 2, (double)r["reward"]!, 9));
    }

    [Fact]
    public void Equal_rewards_and_responses_of_one_token_are_a_step_like_any_other()
    {
        var lines = Steps(Run("rl.steps=2", "rollout.max_tokens=1"));

        Assert.All(lines, line =>
        {
            Assert.Equal(4, (int)line["groups_without_spread"]!);
            Assert.Equal(1, (double)line["cut_by_length"]!);
            Assert.Equal(0, (double)line[MetricNames.GradNorm]!);
            Assert.Null(line[MetricNames.Entropy]);
            Assert.Null(line[MetricNames.LogProbDifference]);
        });
    }

    [Fact]
    public void A_problem_that_comes_twice_in_a_step_gets_other_responses()
    {
        var rollouts = Rollouts(Run("rl.steps=1", "data.limit=2"), 1);

        Assert.Equal(2, rollouts.Select(r => (string)r["id"]!).Distinct().Count());
        Assert.Equal(16, rollouts.Select(r => (string)r["response"]!).Distinct().Count());
    }

    private string Run(params string[] settings) => _runs.Run(TinyRuns.Rl(_start, settings), RlStage.Run, string.Join('-', settings).Replace('/', '-'));

    private static List<JsonObject> Steps(string folder) =>
        [.. MetricsLog.Read(Path.Combine(folder, "metrics.jsonl")).Where(line => (string?)line[MetricNames.Kind] == MetricNames.Train)];

    private static List<JsonObject> Rollouts(string folder, int step) =>
        [.. JsonLines.Read(Path.Combine(folder, "rollouts", $"step-{step}.jsonl")).Select(line => line.Value)];

    private static void Near(double expected, JsonObject line, string key) => Assert.Equal(expected, (double)line[key]!, 9);

    private sealed class ListSink : IMetricsSink
    {
        public List<(int?, double)> Heard { get; } = [];

        public void Write(int step, RunMetrics metrics) => Heard.Add((step, Assert.IsType<PolicyMetrics>(metrics).Reward));
    }
}
