using ParallelR1.Runs;
using ParallelR1.Training;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Tests.EndToEnd;

/// <summary>A run that is stopped and resumed ends with the same bits as one that was not.</summary>
public sealed class ResumeTests : IDisposable
{
    private const string Evaluation = "evaluation={every: 2, suites: [{suite: synthetic-hard-test, samples: 2, limit: 2}, {suite: synthetic-easy-test, limit: 2}]}";
    private readonly TinyRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Theory]
    [InlineData("f32")]
    [InlineData("bf16")]
    public void Supervised_fine_tuning_resumes_to_identical_weights_and_metrics(string dtype)
    {
        var recipe = _runs.Sft(dtype);
        var whole = _runs.Run(recipe, SftStage.Run, "whole");
        var resumed = RunInterrupted(recipe, SftStage.Run, "resumed", stopAfter: 3);

        AssertSame(whole, resumed);
    }

    [Theory]
    [InlineData("visibility=unseen")]
    [InlineData("visibility=seen")]
    [InlineData("rl.kl_coefficient=0.1")]
    [InlineData("rl.dynamic_sampling_rounds=3")]
    public void Reinforcement_learning_resumes_to_identical_weights_and_metrics(string setting)
    {
        var start = _runs.Run(_runs.Sft("f32"), SftStage.Run, "start");
        var recipe = TinyRuns.Rl(Path.Combine(start, "model"), setting);
        var whole = _runs.Run(recipe, RlStage.Run, "whole");
        var resumed = RunInterrupted(recipe, RlStage.Run, "resumed", stopAfter: 2);

        AssertSame(whole, resumed);
    }

    [Fact]
    public void Measuring_while_training_changes_nothing_and_is_made_up_for_after_an_interruption()
    {
        var plain = _runs.Run(_runs.Sft("f32"), SftStage.Run, "plain");
        var recipe = _runs.Sft("f32", Evaluation, "rollout.max_tokens=20");
        var whole = _runs.Run(recipe, SftStage.Run, "whole");
        var resumed = RunInterrupted(recipe, SftStage.Run, "resumed", stopAfter: 2, activity: "evaluating synthetic-hard-test");

        AssertSame(whole, resumed);
        Assert.Equal(Weights(plain), Weights(whole));
        Assert.Equal(TinyRuns.Metrics(plain), TinyRuns.Metrics(whole).Where(line => !line.Contains("\"kind\":\"evaluation\"", StringComparison.Ordinal)));
        Assert.Equal(6, MetricsLog.Read(Path.Combine(whole, "metrics.jsonl")).Count(line => (string?)line[MetricNames.Kind] == MetricNames.Evaluation));
    }

    [Fact]
    public void The_model_folder_records_what_stood_around_the_problems()
    {
        var folder = _runs.Run(_runs.Sft("f32"), SftStage.Run, "recorded");

        Assert.Equal("Problem: {Problem}\n", global::ParallelR1.Tokenization.Tokenizer.Load(Path.Combine(folder, "model")).ProblemTemplateText);
    }

    [Fact]
    public void A_resume_with_nothing_left_to_do_says_so()
    {
        var recipe = _runs.Sft("f32");
        var folder = _runs.Run(recipe, SftStage.Run, "done");

        using var run = recipe.OpenRun(folder, resume: true);
        var error = Assert.Throws<UsageException>(() => SftStage.Run(recipe, run, new QuietObserver()));

        Assert.Contains("nothing left to do", error.Message, StringComparison.Ordinal);
    }

    private static void AssertSame(string whole, string resumed)
    {
        Assert.Equal(Weights(whole), Weights(resumed));
        Assert.Equal(TinyRuns.Metrics(whole), TinyRuns.Metrics(resumed));
    }

    private static byte[] Weights(string folder) => File.ReadAllBytes(Path.Combine(folder, "model", "model.safetensors"));

    private string RunInterrupted(
        Recipe recipe, Action<Recipe, RunFolder, IRunObserver, CancellationToken> stage, string name, int stopAfter, string? activity = null)
    {
        using (var run = recipe.OpenRun(_runs[name], resume: false))
        {
            using var stop = new CancellationTokenSource();
            Assert.ThrowsAny<OperationCanceledException>(() => stage(recipe, run, new StopAfter(activity, stopAfter, stop), stop.Token));
        }

        using (var run = recipe.OpenRun(_runs[name], resume: true))
        {
            Assert.Equal(stopAfter, run.ResumedStep);
            stage(recipe, run, new QuietObserver(), CancellationToken.None);
        }

        return _runs[name];
    }

    /// <summary>Interrupts as Ctrl-C would, when an activity (any, if none is named) has done so much.</summary>
    private sealed class StopAfter(string? activity, int done, CancellationTokenSource stop) : IRunObserver
    {
        public void Report(RunProgress progress)
        {
            if (progress.Done == done && (activity is null || progress.Activity == activity))
                stop.Cancel();
        }

        public void Say(string message)
        {
        }
    }
}
