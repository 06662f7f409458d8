namespace ParallelR1.Training.Policy;

/// <summary>
/// Soft penalty for responses that use up all or nearly all of their budget (DAPO; Yu et al. 2025, arXiv:2503.14476, equation 13).
/// </summary>
/// <param name="MaxResponseLength">The budget M, in tokens.</param>
/// <param name="BufferLength">The buffer L: the penalty grows over the last L tokens of the budget.</param>
/// <param name="PenaltyFactor">The penalty p of a response of M tokens, 1 by default.</param>
internal sealed record OverlongShaping(int MaxResponseLength, int BufferLength, double PenaltyFactor = 1)
{
    /// <summary>Computes min(0, −(n − (M − L))/L · p) for a response of n tokens, which is added to its reward.</summary>
    /// <exception cref="ArgumentException">The buffer is not between 1 and the budget.</exception>
    public double Penalty(int responseLength)
    {
        if (BufferLength < 1 || BufferLength > MaxResponseLength)
            throw new ArgumentException($"The buffer of {BufferLength} tokens must be between 1 and the budget of {MaxResponseLength} tokens.");
        var excess = (long)responseLength - (MaxResponseLength - BufferLength);
        return excess <= 0 ? 0 : -(double)excess / BufferLength * PenaltyFactor;
    }
}
