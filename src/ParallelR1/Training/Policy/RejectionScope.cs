namespace ParallelR1.Training.Policy;

/// <summary>What is judged by a rejection rule.</summary>
public enum RejectionScope
{
    /// <summary>Each token by itself.</summary>
    Token,

    /// <summary>The response, by the sum over its loss tokens.</summary>
    SequenceSum,

    /// <summary>The response, by the mean over its loss tokens.</summary>
    SequenceMean,

    /// <summary>The response, by its worst loss token.</summary>
    SequenceMax,
}
