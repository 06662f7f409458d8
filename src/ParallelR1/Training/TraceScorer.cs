using ParallelR1.Generation;
using ParallelR1.Models;
using ParallelR1.Thinking;
using ParallelR1.Torch;

namespace ParallelR1.Training;

/// <summary>Computes log-probabilities of given tokens like the trainer.</summary>
public static class TraceScorer
{
    /// <summary>Scores one trace.</summary>
    /// <param name="decoder">The model.</param>
    /// <param name="trace">Tokens, positions, visibility, and the row that predicts each token.</param>
    /// <exception cref="LogitsException">The logits are not finite.</exception>
    /// <returns>For each token from the second on, its natural log-probability [tokens − 1].</returns>
    public static float[] LogProbs(Decoder decoder, TraceRows trace)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentNullException.ThrowIfNull(trace);
        using var scope = new TensorScope();
        using var mode = GradMode.Off();
        using var pack = new PackedBatch(new TracePack([trace]), decoder.Device);
        var (logProbs, largest) = VocabularyHead.LogProbsAndLargestLogit(decoder, decoder.Hidden(pack), trace.Predictors[1..], trace.Ids[1..]);
        return LogitsException.Holds(largest) ? logProbs : throw LogitsException.OfScoring(largest);
    }
}
