using ParallelR1.Generation;
using ParallelR1.Models;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Training;

/// <summary>What a stage will take, from its recipe alone: neither the model nor the data need be there.</summary>
/// <param name="Tokens">Tokens that go through the model: of examples or rollouts and their training, and of the evaluation.</param>
/// <param name="Operations">Floating-point operations.</param>
/// <param name="Seconds">Seconds on this machine.</param>
/// <param name="MemoryBytes">The largest memory of the process, or of the device.</param>
public sealed record StageEstimate(long Tokens, double Operations, double Seconds, long MemoryBytes)
{
    // What products of a model's sizes reach of the largest measured rate, and what a token costs beside them; by the mini scale on two cores.
    private const double TrainingShare = 0.3;
    private const double DecodingShare = 0.25;
    private const double TokenSeconds = 40e-6;
    private const double StageSeconds = 10;

    // Responses of groups of equal rewards teach nothing and are not computed again: a third to a half at mini scale.
    private const double TaughtShare = 0.6;

    // A process that has computed a step: the runtime, libtorch and its libraries.
    private const long ProcessBytes = 400L << 20;
    private const long RowBytes = 2_200;

    // Examples, rollouts and their traces, until they are collected.
    private const long GarbageBytes = 280L << 20;

    // What tensors of changing sizes leave unused between them.
    private const double Holes = 1.15;

    /// <summary>Estimates a stage with its evaluation.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="config">The model's shape.</param>
    /// <param name="gflops">Products in the stage's type, in 10⁹ operations a second.</param>
    /// <param name="bf16">Whether the stage computes in bf16.</param>
    /// <param name="measured">Whether the evaluation belongs to it.</param>
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

    /// <summary>The largest memory of a stage.</summary>
    internal static long Memory(Recipe recipe, ModelConfig config, bool bf16) =>
        Memory(recipe, config, bf16, Parameters(config), DatasetLengths.Of(recipe.Data.Train), TemplateTokens(recipe.Data.PromptTemplate));

    private static long Parameters(ModelConfig config) => config.Tensors().Sum(tensor => tensor.Value.Aggregate(1L, (product, size) => product * size));

    private static long Memory(Recipe recipe, ModelConfig config, bool bf16, long parameters, DatasetLengths data, int template)
    {
        var size = bf16 ? 2 : 4;
        // The weights, as they are and packed for decoding; when they learn the gradient and its sum, two moments, and below f32 the master copy.
        var learns = recipe.Stage != RecipeStage.Eval;
        var weights = parameters * (2 * size + (learns ? size + 4 + 8 + (bf16 ? 4 : 0) : 0)) + (recipe.Rl?.KlCoefficient > 0 ? parameters * size : 0);
        var rows = learns ? (Rows(recipe, data) ?? 0) * RowBytes : 0;
        var training = Activations(recipe, config, size, data, template) + RolloutCache(recipe, config, size, data, template);
        return ProcessBytes + (learns ? GarbageBytes : 0) + weights + rows + (long)(Holes * Math.Max(training, EvaluationCache(recipe, config, size, template)));
    }

    /// <summary>Rows that are read; null: not known.</summary>
    private static long? Rows(Recipe recipe, DatasetLengths data) =>
        recipe.Data.Limit is { } limit ? Math.Min(limit, data.Rows ?? long.MaxValue) : data.Rows;

    /// <summary>What a micro-batch keeps for its backward pass.</summary>
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
        // Logits in the type, in f32, and their gradient, in chunks.
        var head = Math.Min(tokens * config.VocabSize, 1L << 23) * (size + 8);
        return tokens * kept * size + head;
    }

    /// <summary>Keys and values of the rollouts that are decoded at once.</summary>
    private static long RolloutCache(Recipe recipe, ModelConfig config, int size, DatasetLengths data, int template) =>
        recipe.Rl is { } rl ? Cache(recipe, config, size, rl.PromptsPerStep * rl.SamplesPerPrompt, template + data.Problem + Response(recipe.Rollout, data)) : 0;

    /// <summary>Keys and values of what an evaluation decodes at once.</summary>
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

    /// <summary>Tokens of a response: a solution in blocks is somewhat longer than one without; a cap on the critical path is a cap on what blocks do not share.</summary>
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
