namespace ParallelR1.Training.Recipes;

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
