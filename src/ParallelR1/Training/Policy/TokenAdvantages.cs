namespace ParallelR1.Training.Policy;

/// <summary>
/// Advantages that differ from token to token. Values are flat, row after row, and only of tokens that carry loss: what stands between
/// two of them (injected tokens) passes the running return on unchanged.
/// </summary>
public static class TokenAdvantages
{
    /// <summary>Gives every loss token its row's advantage.</summary>
    public static double[] Broadcast(ReadOnlySpan<double> perRow, IReadOnlyList<int> lossTokensPerRow)
    {
        var advantages = new double[Total(lossTokensPerRow)];
        foreach (var (row, start, count) in Rows(lossTokensPerRow))
            advantages.AsSpan(start, count).Fill(perRow[row]);
        return advantages;
    }

    /// <summary>
    /// Less the mean, over √(variance + 1e-8), over all loss tokens of the batch: the last step of REINFORCE++ (Hu et al. 2025,
    /// arXiv:2501.03262) and of generalized advantage estimation as usually trained.
    /// </summary>
    public static double[] Whitened(double[] advantages)
    {
        var statistics = TokenStatistics.Of(advantages);
        return Array.ConvertAll(advantages, value => statistics.Whiten(value));
    }

    /// <summary>Discounted reward to go: R_t = r_t + γ·R_{t+1}.</summary>
    /// <param name="rewards">Reward on each loss token.</param>
    /// <param name="lossTokensPerRow">Number of loss tokens of each response.</param>
    /// <param name="gamma">Discount.</param>
    public static double[] RewardToGo(ReadOnlySpan<double> rewards, IReadOnlyList<int> lossTokensPerRow, double gamma = 1)
    {
        Check(rewards, lossTokensPerRow);
        var returns = new double[rewards.Length];
        foreach (var (_, start, count) in Rows(lossTokensPerRow))
        {
            var running = 0.0;
            for (var t = start + count - 1; t >= start; t--)
                returns[t] = running = rewards[t] + gamma * running;
        }

        return returns;
    }

    /// <summary>ReMax (Li et al. 2023, arXiv:2310.10505, equation 5): reward to go less the reward of the greedy response to the same prompt.</summary>
    /// <param name="rewards">Reward on each loss token.</param>
    /// <param name="greedyRewards">Reward of the greedy response, one per row.</param>
    /// <param name="lossTokensPerRow">Number of loss tokens of each response.</param>
    public static double[] Remax(ReadOnlySpan<double> rewards, ReadOnlySpan<double> greedyRewards, IReadOnlyList<int> lossTokensPerRow)
    {
        var advantages = RewardToGo(rewards, lossTokensPerRow);
        foreach (var (row, start, count) in Rows(lossTokensPerRow))
        {
            for (var t = start; t < start + count; t++)
                advantages[t] -= greedyRewards[row];
        }

        return advantages;
    }

    /// <summary>
    /// Generalized advantage estimation (Schulman et al. 2016, arXiv:1506.02438, equation 16): δ_t = r_t + γ·V_{t+1} − V_t,
    /// A_t = δ_t + γλ·A_{t+1}; returns are A + V. Not whitened.
    /// </summary>
    /// <param name="rewards">Reward on each loss token.</param>
    /// <param name="values">The critic's value at each loss token.</param>
    /// <param name="lossTokensPerRow">Number of loss tokens of each response.</param>
    /// <param name="gamma">Discount.</param>
    /// <param name="lambda">Decay of the trace.</param>
    public static (double[] Advantages, double[] Returns) Gae(
        ReadOnlySpan<double> rewards, ReadOnlySpan<double> values, IReadOnlyList<int> lossTokensPerRow, double gamma = 1, double lambda = 1)
    {
        Check(rewards, lossTokensPerRow);
        Check(values, lossTokensPerRow);
        var (advantages, returns) = (new double[rewards.Length], new double[rewards.Length]);
        foreach (var (_, start, count) in Rows(lossTokensPerRow))
        {
            var (next, running) = (0.0, 0.0);
            for (var t = start + count - 1; t >= start; t--)
            {
                advantages[t] = running = rewards[t] + gamma * next - values[t] + gamma * lambda * running;
                returns[t] = running + values[t];
                next = values[t];
            }
        }

        return (advantages, returns);
    }

    internal static IEnumerable<(int Row, int Start, int Count)> Rows(IReadOnlyList<int> lossTokensPerRow)
    {
        var start = 0;
        for (var row = 0; row < lossTokensPerRow.Count; row++)
        {
            yield return (row, start, lossTokensPerRow[row]);
            start += lossTokensPerRow[row];
        }
    }

    internal static void Check(ReadOnlySpan<double> values, IReadOnlyList<int> lossTokensPerRow)
    {
        if (values.Length != Total(lossTokensPerRow))
            throw new ArgumentException($"{values.Length} values, but the rows have {Total(lossTokensPerRow)} loss tokens.", nameof(values));
    }

    private static int Total(IReadOnlyList<int> lossTokensPerRow)
    {
        ArgumentNullException.ThrowIfNull(lossTokensPerRow);
        return lossTokensPerRow.Sum();
    }
}
