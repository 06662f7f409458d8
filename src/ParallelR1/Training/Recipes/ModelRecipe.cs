using ParallelR1.Training.Recipes.Binding;

namespace ParallelR1.Training.Recipes;

/// <summary>Where the model comes from, and how it is computed.</summary>
public sealed record ModelRecipe : IOptionChecks
{
    /// <summary>A model folder in Hugging Face layout, or the name of a known model.</summary>
    [PathOrName]
    public string? From { get; init; }

    /// <summary>A new model with random weights.</summary>
    public ModelInitRecipe? Init { get; init; }

    /// <summary>The type of the compute; <c>auto</c>: bf16 where it is right and at least 1.3 times as fast on the device, else f32. The resolved recipe records which one it was.</summary>
    public DtypeChoice Dtype { get; init; } = DtypeChoice.Auto;

    /// <summary>Written with a run: why <c>auto</c> took the type. It has no effect.</summary>
    public string? DtypeReason { get; init; }

    /// <summary>Compute activations again in the backward pass instead of keeping them: less memory, about a third more time.</summary>
    public bool Recompute { get; init; }

    /// <summary>Draw the rows of the six tags anew before training: for models that had the tags but never saw them.</summary>
    public bool FreshTags { get; init; }

    /// <inheritdoc/>
    public IEnumerable<(string Key, string Problem)> Check()
    {
        if (From is not null && Init is not null)
            yield return ("init", "a model is either read (model.from) or made new (model.init); remove one of the two");
    }
}

/// <summary>The type in which the model is computed; master weights, softmax, norms and losses are f32 in any case.</summary>
public enum DtypeChoice
{
    /// <summary>bf16 where the device has it and it is faster, else f32.</summary>
    Auto,

    /// <summary>Single precision.</summary>
    F32,

    /// <summary>Brain floating point with f32 master weights.</summary>
    Bf16,
}
