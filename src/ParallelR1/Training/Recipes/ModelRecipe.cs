using ParallelR1.Training.Recipes.Binding;

namespace ParallelR1.Training.Recipes;

/// <summary>The model to start from, and how it is computed.</summary>
public sealed record ModelRecipe : IOptionChecks
{
    /// <summary>Model folder in Hugging Face layout, or the name of a known model.</summary>
    [PathOrName]
    public string? From { get; init; }

    /// <summary>The shape of a new model with random weights, instead of <see cref="From"/>.</summary>
    public ModelInitRecipe? Init { get; init; }

    /// <summary>
    /// Compute type, <see cref="DtypeChoice.Auto"/> by default: bf16 if the device computes it correctly and at least 1.3 times as fast, else f32.
    /// The resolved recipe records the chosen type.
    /// </summary>
    public DtypeChoice Dtype { get; init; } = DtypeChoice.Auto;

    /// <summary>The reason why <c>auto</c> chose the type, recorded with a run. It has no effect.</summary>
    public string? DtypeReason { get; init; }

    /// <summary>Whether activations are recomputed in the backward pass instead of stored: less memory, about a third more time. False by default.</summary>
    public bool Recompute { get; init; }

    /// <summary>
    /// Whether the rows of the six tags in embedding and output head are drawn again before training, for models whose vocabulary contained the
    /// tags but whose training data did not. False by default.
    /// </summary>
    public bool FreshTags { get; init; }

    /// <inheritdoc/>
    public IEnumerable<(string Key, string Problem)> Check()
    {
        if (From is not null && Init is not null)
            yield return ("init", "a model is either read (model.from) or made new (model.init); remove one of the two");
    }
}

/// <summary>The compute type of a model; master weights, softmax, norms and losses are f32 in any case.</summary>
public enum DtypeChoice
{
    /// <summary>bf16 if the device supports it and it is faster, else f32.</summary>
    Auto,

    /// <summary>Single precision.</summary>
    F32,

    /// <summary>Brain floating point with f32 master weights.</summary>
    Bf16,
}
