namespace ParallelR1.Models;

/// <summary>How rotary frequencies are scaled beyond the length that the model was first trained on.</summary>
public enum RopeType
{
    /// <summary>Not scaled.</summary>
    Default,

    /// <summary>All frequencies divided by the factor.</summary>
    Linear,

    /// <summary>Low frequencies divided, high ones kept, a ramp over wavelengths between (Llama 3.1).</summary>
    Llama3,

    /// <summary>A ramp over dimensions, and attention scaled by a temperature (YaRN, Peng et al. 2023, arXiv 2309.00071).</summary>
    Yarn,
}
