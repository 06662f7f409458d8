using ParallelR1.Data.Synthetic;
using ParallelR1.Runs;
using ParallelR1.Thinking;
using ParallelR1.Tokenization;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Tests.EndToEnd;

/// <summary>Training stages of a very small model, in a folder of their own.</summary>
internal sealed class TinyRuns : IDisposable
{
    private const string Eos = "<|endoftext|>";
    private readonly TemporaryFolder _folder = new();

    public string this[string name] => _folder[name];

    public void Dispose() => _folder.Dispose();

    /// <summary>All figures but those of the clock.</summary>
    public static string[] Metrics(string folder) =>
        [.. MetricsLog.Read(Path.Combine(folder, "metrics.jsonl")).Select(line =>
        {
            line.Remove(MetricNames.Seconds);
            line.Remove(MetricNames.TokensPerSecond);
            return line.ToJsonString();
        })];

    /// <summary>Runs a stage from its beginning to its end.</summary>
    /// <returns>The run folder.</returns>
    public string Run(Recipe recipe, Action<Recipe, RunFolder, IRunObserver, CancellationToken> stage, string name)
    {
        var folder = _folder[name];
        using var run = recipe.OpenRun(folder, resume: false);
        stage(recipe, run, new QuietObserver(), CancellationToken.None);
        return folder;
    }

    public Recipe Sft(string dtype, params string[] settings) => RecipeFile.Parse(
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
        "tiny",
        settings);

    public static Recipe Rl(string model, params string[] settings) => RecipeFile.Parse(
        $"""
        stage: rl
        name: tiny-rl
        model:
          from: {model}
          dtype: f32
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
        "tiny-rl",
        settings);

    private string Tokenizer()
    {
        var folder = _folder["tokenizer"];
        if (Directory.Exists(folder))
            return folder;
        var texts = SyntheticSets.Rows("synthetic-sequential", 1).Take(300).Select(row => $"Problem: {row["problem"]}\n{row["response"]}");
        var options = new BpeTrainerOptions(420) { SpecialLast = [Eos, .. ThinkingTags.All], EndOfText = Eos, ChatTemplate = "none" };
        BpeTrainer.Train(texts, options).Save(Directory.CreateDirectory(folder).FullName);
        return folder;
    }
}
