using ParallelR1.Generation;
using ParallelR1.Models;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Training;

/// <summary>Estimates of the cost of a stage from its recipe alone; neither the model nor the data are required.</summary>
/// <param name="Tokens">Number of tokens that are computed: of examples or rollouts, of training on them, and of the evaluation.</param>
/// <param name="Operations">Number of floating-point operations.</param>
/// <param name="Seconds">Duration on this machine in seconds.</param>
/// <param name="MemoryBytes">Peak memory of the process, or of the device, in bytes.</param>
public sealed record StageEstimate(long Tokens, double Operations, double Seconds, long MemoryBytes)
{
    // Shares of the measured peak rate that products of a model's sizes reach, and the overhead of a token; measured at the mini scale on two cores.
    private const double TrainingShare = 0.3;
    private const double DecodingShare = 0.25;
    private const double TokenSeconds = 40e-6;
    private const double StageSeconds = 10;

    // Responses of groups of equal rewards are not trained on: a third to a half at mini scale.
    private const double TaughtShare = 0.6;

    // Memory of a process after one step: the runtime, libtorch and its libraries.
    private const long ProcessBytes = 400L << 20;
    private const long RowBytes = 2_200;

    // Examples, rollouts and their traces until they are garbage-collected.
    private const long GarbageBytes = 280L << 20;

    // Factor for memory fragmentation by tensors of changing sizes.
    private const double Holes = 1.15;

    /// <summary>Estimates a stage, with or without its evaluation.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="config">The shape of the model.</param>
    /// <param name="gflops">Measured rate of matrix products in the compute type, in 10⁹ operations per second.</param>
    /// <param name="bf16">Whether the stage computes in bf16.</param>
    /// <param name="measured">Whether to include the evaluation.</param>
    public static StageEstimate Of(Recipe recipe, ModelConfig config, double gflops, bool bf16, bool measured = true)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(config);
        var parameters = Parameters(config);
        var data = DatasetLengths.Of(recipe.Data.Train);
        var template = TemplateTokens(recipe.Data.PromptTemplate);
        long trained = 0, sampled = 0;
        if (recipe.Sft is { } sft)
        {
            var examples = Rows(recipe, data) ?? sft.BatchSize;
            var steps = sft.Steps ?? Math.Max(1, examples / sft.BatchSize) * sft.Epochs;
            trained = steps * sft.BatchSize * Math.Min(sft.MaxLength, template + data.Problem + data.Response);
        }

        if (recipe.Rl is { } rl)
        {
            var responses = (long)rl.Steps * rl.PromptsPerStep * rl.SamplesPerPrompt;
            sampled = responses * (template + data.Problem + Response(recipe.Rollout, data));
            trained = (long)(sampled * rl.Epochs * TaughtShare);
        }

        if (measured)
            sampled += recipe.Evaluation.Suites.Sum(suite => Evaluated(recipe, suite, template));
        var training = recipe.Model.Recompute ? 8.0 : 6.0;
        var (trainOperations, decodeOperations) = (training * parameters * trained, 2.0 * parameters * sampled);
        var seconds = StageSeconds + trainOperations / (gflops * 1e9 * TrainingShare) + Math.Max(decodeOperations / (gflops * 1e9 * DecodingShare), sampled * TokenSeconds);
        return new StageEstimate(trained + sampled, trainOperations + decodeOperations, seconds, Memory(recipe, config, bf16, parameters, data, template));
    }

    /// <summary>Estimates the peak memory of a stage in bytes.</summary>
    internal static long Memory(Recipe recipe, ModelConfig config, bool bf16) =>
        Memory(recipe, config, bf16, Parameters(config), DatasetLengths.Of(recipe.Data.Train), TemplateTokens(recipe.Data.PromptTemplate));

    private static long Parameters(ModelConfig config) => config.Tensors().Sum(tensor => tensor.Value.Aggregate(1L, (product, size) => product * size));

    private static long Memory(Recipe recipe, ModelConfig config, bool bf16, long parameters, DatasetLengths data, int template)
    {
        var size = bf16 ? 2 : 4;
        // Weights, and a copy packed for decoding; for training also the gradient, its sum, two moments and, below f32, the master copy.
        var learns = recipe.Stage != RecipeStage.Eval;
        var weights = parameters * (2 * size + (learns ? size + 4 + 8 + (bf16 ? 4 : 0) : 0)) + (recipe.Rl?.KlCoefficient > 0 ? parameters * size : 0);
        var rows = learns ? (Rows(recipe, data) ?? 0) * RowBytes : 0;
        var training = Activations(recipe, config, size, data, template) + RolloutCache(recipe, config, size, data, template);
        return ProcessBytes + (learns ? GarbageBytes : 0) + weights + rows + (long)(Holes * Math.Max(training, EvaluationCache(recipe, config, size, template)));
    }

    /// <summary>Gets the number of rows that are read; null if unknown.</summary>
    private static long? Rows(Recipe recipe, DatasetLengths data) =>
        recipe.Data.Limit is { } limit ? Math.Min(limit, data.Rows ?? long.MaxValue) : data.Rows;

    /// <summary>Estimates the memory that a micro-batch stores for its backward pass.</summary>
    private static long Activations(Recipe recipe, ModelConfig config, int size, DatasetLengths data, int template)
    {
        long length = template + data.Problem + (recipe.Rl is null ? data.Response : Response(recipe.Rollout, data));
        var tokens = recipe.Stage switch
        {
            RecipeStage.Sft => Math.Min(recipe.Sft!.MicroBatchTokens, recipe.Sft.BatchSize * Math.Min(length, recipe.Sft.MaxLength)),
            RecipeStage.Rl => Math.Min(recipe.Rl!.MicroBatchTokens, (long)recipe.Rl.PromptsPerStep / recipe.Rl.MiniBatches * recipe.Rl.SamplesPerPrompt * length),
            _ => 0,
        };
        var layer = 6L * config.HiddenSize + 3L * config.IntermediateSize;
        var kept = recipe.Model.Recompute ? config.Layers * (long)config.HiddenSize + layer : config.Layers * layer;
        // Logits in the compute type and in f32, and their gradient, in chunks.
        var head = Math.Min(tokens * config.VocabSize, 1L << 23) * (size + 8);
        return tokens * kept * size + head;
    }

    /// <summary>Estimates the memory of keys and values of the rollouts that are decoded together.</summary>
    private static long RolloutCache(Recipe recipe, ModelConfig config, int size, DatasetLengths data, int template) =>
        recipe.Rl is { } rl ? Cache(recipe, config, size, rl.PromptsPerStep * rl.SamplesPerPrompt, template + data.Problem + Response(recipe.Rollout, data)) : 0;

    /// <summary>Estimates the memory of keys and values of the responses that an evaluation decodes together.</summary>
    private static long EvaluationCache(Recipe recipe, ModelConfig config, int size, int template) =>
        recipe.Evaluation.Suites.Select(suite => Cache(recipe, config, size, Responses(suite), Length(recipe, suite, template))).DefaultIfEmpty(0).Max();

    private static long Cache(Recipe recipe, ModelConfig config, int size, long sequences, long length)
    {
        var entry = 2L * config.Layers * config.KeyValueHeads * config.HeadDim * size;
        var limit = recipe.Rollout.CacheBytes ?? new EngineLimits().Resolve().CacheBytes!.Value;
        return Math.Min(limit, entry * Math.Min(recipe.Rollout.MaxSequences, sequences) * length);
    }

    private static long Evaluated(Recipe recipe, SuiteRecipe suite, int template) => Responses(suite) * Length(recipe, suite, template);

    private static long Responses(SuiteRecipe suite) => Math.Min(suite.Limit ?? long.MaxValue, DatasetLengths.Of(suite.Suite).Rows ?? 100) * suite.Samples;

    private static long Length(Recipe recipe, SuiteRecipe suite, int template)
    {
        var data = DatasetLengths.Of(suite.Suite);
        return template + data.Problem + Response(recipe.Rollout, data);
    }

    /// <summary>
    /// Estimates the tokens of a response. A solution with blocks is longer than one without by a quarter, and a cap on the critical path allows as
    /// much more, because paths of a block share it.
    /// </summary>
    private static int Response(RolloutRecipe rollout, DatasetLengths data)
    {
        var written = rollout.Parallel ? data.Response * 5 / 4 : data.Response;
        var cap = rollout.CriticalTokens > 0 ? Math.Min(rollout.MaxTokens, rollout.CriticalTokens * 5 / 4) : rollout.MaxTokens;
        return Math.Min(written, cap);
    }

    private static int TemplateTokens(string template) => template switch
    {
        "parallel" or "parallel-thinking" => 240,
        "baseline" => 25,
        "mini" => 3,
        _ => 0,
    };
}
