using ParallelR1.Grading;
using ParallelR1.Rewards;
using ParallelR1.Thinking;
using ParallelR1.Training.Optimization;
using ParallelR1.Training.Recipes.Binding;

namespace ParallelR1.Training.Recipes;

/// <summary>
/// One training stage (or one evaluation), read from a YAML file. Defaults are those of the stage (see <see cref="Defaults"/>);
/// where the publication gives a value it is the default.
/// </summary>
public sealed record Recipe : IOptionChecks
{
    /// <summary>What is done: supervised fine-tuning, reinforcement learning, or evaluation alone.</summary>
    public required RecipeStage Stage { get; init; }

    /// <summary>A short name, used for folders, rows and <c>--rows</c>; empty: the file's.</summary>
    public string Name { get; init; } = "";

    /// <summary>The row's title in the table; null: the name.</summary>
    public string? Title { get; init; }

    /// <summary>The scale that the recipe belongs to.</summary>
    public RecipeScale Scale { get; init; } = RecipeScale.Mini;

    /// <summary>The name of the recipe of the same scale whose result this one starts from; <c>reproduce</c> then fills in <c>model.from</c>.</summary>
    public string? After { get; init; }

    /// <summary>The key of every random draw.</summary>
    [Bounds(0, long.MaxValue)]
    public long Seed { get; init => field = Options.Checked(this, value); } = 1;

    /// <summary>Compute threads; null: as measured to be best.</summary>
    [Bounds(1, 1024)]
    public int? Threads { get; init => field = Options.Checked(this, value); }

    /// <summary>The model that is trained or evaluated.</summary>
    public ModelRecipe Model { get; init; } = new();

    /// <summary>Positions and visibility of paths, in rollouts, training and evaluation alike.</summary>
    public Visibility Visibility { get; init; } = Visibility.Unseen;

    /// <summary>What is trained on.</summary>
    public DataRecipe Data { get; init; } = new();

    /// <summary>Supervised fine-tuning; only in the stage <c>sft</c>.</summary>
    public SftRecipe? Sft { get; init; }

    /// <summary>Reinforcement learning; only in the stage <c>rl</c>.</summary>
    public RlRecipe? Rl { get; init; }

    /// <summary>How responses are decoded, in rollouts and in evaluation.</summary>
    public RolloutRecipe Rollout { get; init; } = new();

    /// <summary>What a response is worth; only in the stage <c>rl</c>.</summary>
    public RewardOptions? Reward { get; init; }

    /// <summary>AdamW and its learning rate; not in the stage <c>eval</c>.</summary>
    public OptimizerOptions? Optimizer { get; init; }

    /// <summary>When the state is saved.</summary>
    public CheckpointRecipe Checkpoint { get; init; } = new();

    /// <summary>What is measured, and when.</summary>
    public EvaluationRecipe Evaluation { get; init; } = new();

    /// <summary>The defaults of a stage: its own sections filled in, those of other stages null.</summary>
    public static Recipe Defaults(RecipeStage stage) => stage switch
    {
        RecipeStage.Sft => new Recipe { Stage = stage, Sft = new SftRecipe(), Optimizer = OptimizerOptions.ForSft },
        RecipeStage.Rl => new Recipe { Stage = stage, Rl = new RlRecipe(), Reward = new RewardOptions(), Optimizer = OptimizerOptions.ForRl },
        _ => new Recipe { Stage = stage },
    };

    /// <summary>Refuses values that do not go together, in this recipe or any of its sections; reading a file does the same.</summary>
    /// <exception cref="UsageException">Names the key.</exception>
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

    /// <summary>With the names of files and folders alone, for readers on other machines.</summary>
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

/// <summary>What a recipe does.</summary>
public enum RecipeStage
{
    /// <summary>Supervised fine-tuning (also of a new model from nothing).</summary>
    Sft,

    /// <summary>Reinforcement learning.</summary>
    Rl,

    /// <summary>Evaluation without training.</summary>
    Eval,
}

/// <summary>How much a recipe needs.</summary>
public enum RecipeScale
{
    /// <summary>About 1 M parameters on two CPU cores, minutes.</summary>
    Mini,

    /// <summary>A small real language model on one GPU or a patient CPU.</summary>
    Small,

    /// <summary>The published model on eight GPUs and more.</summary>
    Paper,
}

/// <summary>When the state is saved, so that a killed run resumes where it was.</summary>
public sealed record CheckpointRecipe
{
    /// <summary>Steps between two checkpoints; 0: only when interrupted.</summary>
    [Bounds(0, int.MaxValue)]
    public int Every { get; init => field = Options.Checked(this, value); } = 10;

    /// <summary>Newest checkpoints that are kept; 0: all.</summary>
    [Bounds(0, int.MaxValue)]
    public int Keep { get; init => field = Options.Checked(this, value); } = 2;
}
