using ParallelR1.Grading;
using ParallelR1.Rewards;
using ParallelR1.Thinking;
using ParallelR1.Training.Optimization;
using ParallelR1.Training.Recipes.Binding;

namespace ParallelR1.Training.Recipes;

/// <summary>
/// The options of one training stage (or one evaluation), read from a YAML file. Defaults depend on the stage (see <see cref="Defaults"/>);
/// where the Parallel-R1 paper states a value, it is the default.
/// </summary>
public sealed record Recipe : IOptionChecks
{
    /// <summary>The stage: supervised fine-tuning, reinforcement learning, or evaluation alone.</summary>
    public required RecipeStage Stage { get; init; }

    /// <summary>Short name, used for folders, rows of tables and <c>--rows</c>; if empty (the default), the name of the file.</summary>
    public string Name { get; init; } = "";

    /// <summary>Title of the row in a table; null (the default) for the name.</summary>
    public string? Title { get; init; }

    /// <summary>The scale of the recipe, <see cref="RecipeScale.Mini"/> by default.</summary>
    public RecipeScale Scale { get; init; } = RecipeScale.Mini;

    /// <summary>Name of the recipe of the same scale whose result this one starts from; <c>reproduce</c> then sets <c>model.from</c>.</summary>
    public string? After { get; init; }

    /// <summary>Seed of all random draws, 1 by default.</summary>
    [Bounds(0, long.MaxValue)]
    public long Seed { get; init => field = Options.Checked(this, value); } = 1;

    /// <summary>Number of compute threads; null (the default) for the number that was measured to be best.</summary>
    [Bounds(1, 1024)]
    public int? Threads { get; init => field = Options.Checked(this, value); }

    /// <summary>The model that is trained or evaluated.</summary>
    public ModelRecipe Model { get; init; } = new();

    /// <summary>Positions and visibility of paths in rollouts, training and evaluation; <see cref="Visibility.Unseen"/> by default.</summary>
    public Visibility Visibility { get; init; } = Visibility.Unseen;

    /// <summary>The training data.</summary>
    public DataRecipe Data { get; init; } = new();

    /// <summary>Supervised fine-tuning; only in the stage <c>sft</c>.</summary>
    public SftRecipe? Sft { get; init; }

    /// <summary>Reinforcement learning; only in the stage <c>rl</c>.</summary>
    public RlRecipe? Rl { get; init; }

    /// <summary>How responses are decoded, in rollouts and in evaluation.</summary>
    public RolloutRecipe Rollout { get; init; } = new();

    /// <summary>The reward; only in the stage <c>rl</c>.</summary>
    public RewardOptions? Reward { get; init; }

    /// <summary>AdamW and its learning rate; not in the stage <c>eval</c>.</summary>
    public OptimizerOptions? Optimizer { get; init; }

    /// <summary>When checkpoints are saved.</summary>
    public CheckpointRecipe Checkpoint { get; init; } = new();

    /// <summary>The evaluation.</summary>
    public EvaluationRecipe Evaluation { get; init; } = new();

    /// <summary>Gets the default recipe of a stage, with its own sections set and those of other stages null.</summary>
    /// <param name="stage">The stage.</param>
    public static Recipe Defaults(RecipeStage stage) => stage switch
    {
        RecipeStage.Sft => new Recipe { Stage = stage, Sft = new SftRecipe(), Optimizer = OptimizerOptions.ForSft },
        RecipeStage.Rl => new Recipe { Stage = stage, Rl = new RlRecipe(), Reward = new RewardOptions(), Optimizer = OptimizerOptions.ForRl },
        _ => new Recipe { Stage = stage },
    };

    /// <summary>Checks that the values of the recipe and its sections are consistent, as reading a file does.</summary>
    /// <exception cref="UsageException">They are not; the message names the key.</exception>
    public void Require()
    {
        if (RecordBinder.Problems(this).FirstOrDefault() is { Problem: not null } first)
            throw new UsageException($"the recipe '{Name}': {(first.Key.Length == 0 ? "" : $"{first.Key}: ")}{first.Problem}");
    }

    /// <inheritdoc/>
    public IEnumerable<(string Key, string Problem)> Check()
    {
        foreach (var (key, present, belongs) in new[]
        {
            ("sft", Sft is not null, Stage == RecipeStage.Sft),
            ("rl", Rl is not null, Stage == RecipeStage.Rl),
            ("reward", Reward is not null, Stage == RecipeStage.Rl),
            ("optimizer", Optimizer is not null, Stage != RecipeStage.Eval),
        })
        {
            if (present && !belongs)
                yield return (key, $"this section does not belong to the stage '{RecipeKeys.EnumText(Stage)}'; remove it or change 'stage'");
            if (!present && belongs)
                yield return (key, $"the stage '{RecipeKeys.EnumText(Stage)}' needs this section");
        }

        if (Model is { From: null, Init: null } && After is null)
            yield return ("model", "say where the model comes from: model.from (a folder), model.init (a new one), or 'after' (another recipe)");
        if (Model.Init is not null && After is not null)
            yield return ("after", "a model that is made new by model.init cannot start from another recipe's result; remove one of the two");
        if (Data.Train is null && Stage != RecipeStage.Eval)
            yield return ("data.train", "say what to train on: the name of a problem set or a file");
        if (Evaluation is { Every: > 0, Suites: [] } && Stage != RecipeStage.Eval)
            yield return ("evaluation.every", "says when to measure, but evaluation.suites says nothing to measure on; add a suite, or set it to 0");
        if (Visibility == Visibility.Unseen && Rl is { SeenCorrection: not SeenCorrection.AsSampled })
            yield return ("rl.seen_correction", "belongs to visibility: seen; with unseen every token is scored as it was sampled");
        if (Rollout.Exact == true && Rl is { SeenCorrection: not SeenCorrection.AsSampled })
            yield return ("rollout.exact", "needs rl.seen_correction: as-sampled; tokens that are scored in another context than they were sampled in have other log-probabilities");
        if (Rl?.OverlongBuffer > Rollout.MaxTokens)
            yield return ("rl.overlong_buffer", $"{Rl.OverlongBuffer} tokens are more than a response may have (rollout.max_tokens: {Rollout.MaxTokens})");
        if (Reward is not null && !RewardFunction.Methods(Reward.Family).Contains(Reward.Method))
            yield return ("reward.method", Unknown(Reward.Method, $"reward method of the family '{RecipeKeys.EnumText(Reward.Family)}'", RewardFunction.Methods(Reward.Family)));
        if (Reward?.Grader is { } grader && !Graders.Names.Contains(grader))
            yield return ("reward.grader", Unknown(grader, "grader", Graders.Names));
        if (!Graders.Names.Contains(Evaluation.Grader))
            yield return ("evaluation.grader", Unknown(Evaluation.Grader, "grader", Graders.Names));
        if (Rl is not null && Rollout is not { Temperature: 1, TopP: 1, TopK: 0, MinP: 0 })
            yield return ("rollout.temperature", "the policy that learns is the one that samples: RL needs temperature 1, top_p 1, top_k 0 and min_p 0");
    }

    private static string Unknown(string found, string what, IReadOnlyCollection<string> known) =>
        $"'{found}' is no {what}{NearestName.Suggest(found, known)} There are: {string.Join(", ", known)}";

    /// <summary>Returns the recipe with rooted paths reduced to the name of the file or folder, for readers on other machines.</summary>
    internal Recipe WithoutFolders()
    {
        return this with
        {
            Model = Model with { From = Last(Model.From), Init = Model.Init is { } init ? init with { Tokenizer = Last(init.Tokenizer) } : null },
            Data = Data with { Train = Last(Data.Train), Validation = Last(Data.Validation), PromptTemplate = Last(Data.PromptTemplate)! },
        };

        static string? Last(string? pathOrName) => Path.IsPathRooted(pathOrName) ? Path.GetFileName(Path.TrimEndingDirectorySeparator(pathOrName)) : pathOrName;
    }
}

/// <summary>The stage of a recipe.</summary>
public enum RecipeStage
{
    /// <summary>Supervised fine-tuning, or training of a new model from scratch.</summary>
    Sft,

    /// <summary>Reinforcement learning.</summary>
    Rl,

    /// <summary>Evaluation without training.</summary>
    Eval,
}

/// <summary>The scale of a recipe: model size and hardware.</summary>
public enum RecipeScale
{
    /// <summary>About 1 M parameters; takes minutes on two CPU cores.</summary>
    Mini,

    /// <summary>A small pretrained language model, on one GPU or, more slowly, on a CPU.</summary>
    Small,

    /// <summary>The published model, on eight or more GPUs.</summary>
    Paper,
}

/// <summary>When checkpoints are saved, from which an interrupted run resumes.</summary>
public sealed record CheckpointRecipe
{
    /// <summary>Number of steps between checkpoints, 10 by default; 0 for a checkpoint on interruption only.</summary>
    [Bounds(0, int.MaxValue)]
    public int Every { get; init => field = Options.Checked(this, value); } = 10;

    /// <summary>Number of checkpoints to keep, the newest; 2 by default, 0 for all.</summary>
    [Bounds(0, int.MaxValue)]
    public int Keep { get; init => field = Options.Checked(this, value); } = 2;
}
