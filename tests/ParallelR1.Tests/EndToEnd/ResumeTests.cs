using ParallelR1.Data.Synthetic;
using ParallelR1.Runs;
using ParallelR1.Thinking;
using ParallelR1.Tokenization;
using ParallelR1.Training;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Tests.EndToEnd;

/// <summary>A run that is stopped and resumed ends with the same bits as one that was not.</summary>
public sealed class ResumeTests : IDisposable
{
    private const string Eos = "<|endoftext|>";
    private readonly string _folder = Directory.CreateTempSubdirectory("parallel-r1-resume").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("f32")]
    [InlineData("bf16")]
    public void Supervised_fine_tuning_resumes_to_identical_weights_and_metrics(string dtype)
    {
        var recipe = Sft(dtype);
        var whole = RunWhole(recipe, SftStage.Run, "whole");
        var resumed = RunInterrupted(recipe, SftStage.Run, "resumed", stopAfter: 3);

        AssertSame(whole, resumed);
    }

    [Theory]
    [InlineData("unseen")]
    [InlineData("seen")]
    public void Reinforcement_learning_resumes_to_identical_weights_and_metrics(string visibility)
    {
        var start = RunWhole(Sft("f32"), SftStage.Run, "start");
        var recipe = Rl(Path.Combine(start, "model"), visibility);
        var whole = RunWhole(recipe, RlStage.Run, "whole");
        var resumed = RunInterrupted(recipe, RlStage.Run, "resumed", stopAfter: 2);

        AssertSame(whole, resumed);
    }

    [Fact]
    public void The_model_folder_records_what_stood_around_the_problems()
    {
        var folder = RunWhole(Sft("f32"), SftStage.Run, "recorded");

        Assert.Equal("Problem: {Problem}\n", global::ParallelR1.Tokenization.Tokenizer.Load(Path.Combine(folder, "model")).ProblemTemplateText);
    }

    [Fact]
    public void A_resume_with_nothing_left_to_do_says_so()
    {
        var recipe = Sft("f32");
        var folder = RunWhole(recipe, SftStage.Run, "done");

        using var run = recipe.OpenRun(folder, resume: true);
        var error = Assert.Throws<UsageException>(() => SftStage.Run(recipe, run, new QuietObserver()));

        Assert.Contains("nothing left to do", error.Message, StringComparison.Ordinal);
    }

    private static void AssertSame(string whole, string resumed)
    {
        Assert.Equal(File.ReadAllBytes(Path.Combine(whole, "model", "model.safetensors")), File.ReadAllBytes(Path.Combine(resumed, "model", "model.safetensors")));
        Assert.Equal(Metrics(whole), Metrics(resumed));
    }

    /// <summary>All figures but those of the clock.</summary>
    private static string[] Metrics(string folder) =>
        [.. MetricsLog.Read(Path.Combine(folder, "metrics.jsonl")).Select(line =>
        {
            line.Remove(MetricNames.Seconds);
            line.Remove(MetricNames.TokensPerSecond);
            return line.ToJsonString();
        })];

    private string RunWhole(Recipe recipe, Action<Recipe, RunFolder, IRunObserver, CancellationToken> stage, string name)
    {
        var folder = Path.Combine(_folder, name);
        using var run = recipe.OpenRun(folder, resume: false);
        stage(recipe, run, new QuietObserver(), CancellationToken.None);
        return folder;
    }

    private string RunInterrupted(Recipe recipe, Action<Recipe, RunFolder, IRunObserver, CancellationToken> stage, string name, int stopAfter)
    {
        var folder = Path.Combine(_folder, name);
        using (var run = recipe.OpenRun(folder, resume: false))
        {
            using var stop = new CancellationTokenSource();
            Assert.ThrowsAny<OperationCanceledException>(() => stage(recipe, run, new StopAfter(stopAfter, stop), stop.Token));
        }

        using (var run = recipe.OpenRun(folder, resume: true))
        {
            Assert.Equal(stopAfter, run.ResumedStep);
            stage(recipe, run, new QuietObserver(), CancellationToken.None);
        }

        return folder;
    }

    private Recipe Sft(string dtype) => RecipeFile.Parse(
        $"""
        stage: sft
        name: tiny
        model:
          init:
            architecture: qwen3
            tokenizer: {Tokenizer()}
            hidden_size: 32
            layers: 2
            heads: 2
            kv_heads: 1
            intermediate_size: 48
            initializer_range: 0.1
          dtype: {dtype}
        data:
          train: synthetic-cold-start
          limit: 40
          prompt_template: mini
        sft:
          epochs: 2
          batch_size: 12
          micro_batch_tokens: 600
          max_length: 400
        optimizer:
          learning_rate: 1.0e-3
        checkpoint:
          every: 2
        """,
        "tiny");

    private static Recipe Rl(string model, string visibility) => RecipeFile.Parse(
        $"""
        stage: rl
        name: tiny-rl
        model:
          from: {model}
          dtype: f32
        visibility: {visibility}
        data:
          train: synthetic-hard-train
          limit: 30
          prompt_template: mini
        rl:
          steps: 4
          prompts_per_step: 4
          samples_per_prompt: 4
          mini_batches: 2
          micro_batch_tokens: 600
        rollout:
          blocks: 1
          max_tokens: 60
        reward:
          method: accuracy_parallel_reward
        optimizer:
          learning_rate: 1.0e-3
        checkpoint:
          every: 3
        """,
        "tiny-rl");

    private string Tokenizer()
    {
        var folder = Path.Combine(_folder, "tokenizer");
        if (Directory.Exists(folder))
            return folder;
        var texts = SyntheticSets.Rows("synthetic-sequential", 1).Take(300).Select(row => $"Problem: {row["problem"]}\n{row["response"]}");
        var options = new BpeTrainerOptions(420) { SpecialLast = [Eos, .. ThinkingTags.All], EndOfText = Eos, ChatTemplate = "none" };
        BpeTrainer.Train(texts, options).Save(Directory.CreateDirectory(folder).FullName);
        return folder;
    }

    /// <summary>Interrupts after a step, as Ctrl-C would.</summary>
    private sealed class StopAfter(int step, CancellationTokenSource stop) : IRunObserver
    {
        public void Report(RunProgress progress)
        {
            if (progress.Done == step)
                stop.Cancel();
        }

        public void Say(string message)
        {
        }
    }
}
