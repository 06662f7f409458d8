using ParallelR1.Data;
using ParallelR1.Training.Recipes.Binding;

namespace ParallelR1.Training.Recipes;

/// <summary>What is trained on and how it becomes a prompt.</summary>
public sealed record DataRecipe
{
    /// <summary>A known set by name, or a JSONL or Parquet file: examples for SFT, problems for RL.</summary>
    [PathOrName]
    public string? Train { get; init; }

    /// <summary>Held-out examples for the validation loss; null: none.</summary>
    [PathOrName]
    public string? Validation { get; init; }

    /// <summary>Where the files of <c>train</c> and <c>validation</c> call their fields otherwise: <c>field=column</c>, as in <c>[problem=question]</c>.</summary>
    public IReadOnlyList<string> Map { get; init; } = [];

    /// <summary>A built-in prompt template by name, or a text file with <c>{Problem}</c> in it.</summary>
    [PathOrName]
    public string PromptTemplate { get; init; } = "parallel";

    /// <summary>A built-in chat template by name; null: the model folder's own.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>Use only the first rows; null: all.</summary>
    [Bounds(1, int.MaxValue)]
    public int? Limit { get; init => field = Options.Checked(this, value); }

    /// <summary>A new random order in every epoch; false: the file's order.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>The map, read.</summary>
    /// <exception cref="UsageException">An entry is no <c>field=column</c>.</exception>
    internal Dictionary<string, string> Columns() => FieldMap.Parse(Map, "data.map");
}
