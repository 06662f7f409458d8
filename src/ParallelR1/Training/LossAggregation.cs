namespace ParallelR1.Training;

/// <summary>How the losses of tokens become one number; counts are those of the global batch, whatever the micro-batches.</summary>
public enum LossAggregation
{
    /// <summary>Sum over tokens / number of tokens.</summary>
    TokenMean,

    /// <summary>Sum over tokens / number of responses.</summary>
    SeqMeanTokenSum,

    /// <summary>Mean over responses of their mean over tokens.</summary>
    SeqMeanTokenMean,

    /// <summary>Sum over tokens / (longest response · number of responses).</summary>
    SeqMeanTokenSumNorm,
}
