namespace ParallelR1.Training.Optimization;

/// <summary>What an optimizer step saw.</summary>
/// <param name="GradNorm">Euclidean norm over all gradients together, before clipping.</param>
/// <param name="ClipCoefficient">What the gradients were multiplied with.</param>
/// <param name="Skipped">The norm was not finite, so nothing was changed.</param>
public readonly record struct GradientStep(double GradNorm, double ClipCoefficient, bool Skipped);
