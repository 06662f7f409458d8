namespace ParallelR1.Training.Policy;

/// <summary>
/// Soft punishment of responses that nearly or wholly use up their budget (DAPO; Yu et al. 2025, arXiv:2503.14476, equation 13).
/// </summary>
/// <param name="MaxResponseLength">The budget M, in tokens.</param>
/// <param name="BufferLength">Over the last L tokens of the budget the penalty grows.</param>
/// <param name="PenaltyFactor">The penalty p of a response of M tokens.</param>
internal sealed record OverlongShaping(int MaxResponseLength, int BufferLength, double PenaltyFactor = 1)
{
    /// <summary>min(0, −(n − (M − L))/L · p) for a response of n tokens: what is added to its reward.</summary>
    /// <exception cref="ArgumentException">The buffer is not between 1 and the budget.</exception>
    public double Penalty(int responseLength)
    {
        if (BufferLength < 1 || BufferLength > MaxResponseLength)
            throw new ArgumentException($"The buffer of {BufferLength} tokens must be between 1 and the budget of {MaxResponseLength} tokens.");
        var excess = (long)responseLength - (MaxResponseLength - BufferLength);
        return excess <= 0 ? 0 : -(double)excess / BufferLength * PenaltyFactor;
    }
}
