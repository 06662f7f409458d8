namespace ParallelR1.Training.Policy;

/// <summary>Statistics of values over the loss tokens of a batch.</summary>
/// <param name="Count">Number of tokens.</param>
/// <param name="Sum">Sum of the values.</param>
/// <param name="Mean">Sum / (count + 1e-8), the masked mean of verl; 0 if there are no tokens.</param>
/// <param name="Variance">Unbiased variance about that mean, count / (count − 1) times the masked mean of squares; 0 for fewer than two tokens.</param>
internal readonly record struct TokenStatistics(int Count, double Sum, double Mean, double Variance)
{
    /// <summary>Added to divisors, so that the mean of no values is 0.</summary>
    public const double Epsilon = 1e-8;

    /// <summary>Computes the statistics of the values.</summary>
    public static TokenStatistics Of(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        var mean = sum / (values.Length + Epsilon);
        var squares = 0.0;
        foreach (var value in values)
            squares += (value - mean) * (value - mean);
        return new TokenStatistics(values.Length, sum, mean, values.Length < 2 ? 0 : squares / (values.Length + Epsilon) * values.Length / (values.Length - 1));
    }
}
