namespace ParallelR1.Generation;

/// <summary>Logits [vocabulary] of a prefilled row.</summary>
internal delegate ReadOnlySpan<float> RowLogits(int row);
