namespace ParallelR1.Models;

/// <summary>The decoder families that are understood.</summary>
public enum ModelArchitecture
{
    /// <summary>Llama and what copies it (SmolLM2): optional biases, no query/key norm.</summary>
    Llama,

    /// <summary>Qwen2: biases on query, key and value projections.</summary>
    Qwen2,

    /// <summary>Qwen3: a norm on every head's queries and keys.</summary>
    Qwen3,
}
