using ParallelR1.Torch;

namespace ParallelR1.Training;

/// <summary>Computes the loss of some tokens from their log-probabilities.</summary>
/// <param name="logProbs">Log-probabilities of tokens [start, start + count) of those that carry loss.</param>
/// <param name="entropy">Entropies of the distributions they were drawn from, in nats, same shape; null where they were not asked for.</param>
/// <param name="start">Index of the first of these tokens among all that carry loss in the micro-batch.</param>
/// <param name="count">Number of tokens.</param>
/// <returns>A scalar: the tokens' share of the step's loss.</returns>
public delegate Tensor TokenLosses(Tensor logProbs, Tensor? entropy, int start, int count);
