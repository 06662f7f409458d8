namespace ParallelR1.Generation;

/// <summary>Why decoding ended.</summary>
public enum FinishReason
{
    /// <summary>The model sampled end-of-text.</summary>
    Eos,

    /// <summary>The budget of the response, or the model's context, was used up.</summary>
    Length,

    /// <summary>The main line contains one of the request's stop sequences.</summary>
    Stop,
}
