namespace ParallelR1.Training.Recipes;

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
