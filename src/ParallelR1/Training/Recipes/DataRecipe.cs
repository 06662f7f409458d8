using ParallelR1.Data;
using ParallelR1.Training.Recipes.Binding;

namespace ParallelR1.Training.Recipes;

/// <summary>The training data, and how prompts are made from it.</summary>
public sealed record DataRecipe
{
    /// <summary>Training data: the name of a known set, or a JSONL or Parquet file, with examples for SFT or problems for RL.</summary>
    [PathOrName]
    public string? Train { get; init; }

    /// <summary>Held-out examples for the validation loss; null (the default) for none.</summary>
    [PathOrName]
    public string? Validation { get; init; }

    /// <summary>
    /// Column names in the files of <c>train</c> and <c>validation</c> that differ from the names of the fields: <c>field=column</c>, as in
    /// <c>[problem=question]</c>. Empty by default.
    /// </summary>
    public IReadOnlyList<string> Map { get; init; } = [];

    /// <summary>Prompt template: the name of a built-in one, or a text file that contains <c>{Problem}</c>; <c>parallel</c> by default.</summary>
    [PathOrName]
    public string PromptTemplate { get; init; } = "parallel";

    /// <summary>Name of a built-in chat template; null (the default) for that of the model folder.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>Maximum number of rows, the first ones of the data; null (the default) for all.</summary>
    [Bounds(1, int.MaxValue)]
    public int? Limit { get; init => field = Options.Checked(this, value); }

    /// <summary>Whether the order is random, a new one in every epoch; true by default. Otherwise it is that of the file.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Parses <see cref="Map"/> to columns by field.</summary>
    /// <exception cref="UsageException">An entry is not of the form <c>field=column</c>.</exception>
    internal Dictionary<string, string> Columns() => FieldMap.Parse(Map, "data.map");
}
