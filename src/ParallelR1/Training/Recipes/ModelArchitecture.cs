namespace ParallelR1.Training.Recipes;

/// <summary>The families of decoders that can be made new.</summary>
public enum ModelArchitecture
{
    /// <summary>Per-head query and key norms.</summary>
    Qwen3,

    /// <summary>Biases on queries, keys and values.</summary>
    Qwen2,

    /// <summary>Neither.</summary>
    Llama,
}
