namespace ParallelR1.Training.Recipes;

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
