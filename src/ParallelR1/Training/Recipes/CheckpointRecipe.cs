namespace ParallelR1.Training.Recipes;

/// <summary>When the state is saved, so that a killed run goes on where it was.</summary>
public sealed record CheckpointRecipe
{
    /// <summary>Steps between two checkpoints; 0: only when interrupted.</summary>
    [Bounds(0, int.MaxValue)]
    public int Every { get; init; } = 10;

    /// <summary>Newest checkpoints that are kept; 0: all.</summary>
    [Bounds(0, int.MaxValue)]
    public int Keep { get; init; } = 2;
}
