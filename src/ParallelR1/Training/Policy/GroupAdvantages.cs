namespace ParallelR1.Training.Policy;

/// <summary>
/// Computes advantages of responses relative to the rewards of their group (the responses to the same prompt). Every loss token of a
/// response gets the advantage of its response.
/// </summary>
/// <remarks>
/// Equal rewards give exactly 0, so that rounding errors of mean and deviation do not become advantages. For a group of one response the
/// mean is taken as 0 and the deviation as 1.
/// </remarks>
public static class GroupAdvantages
{
    /// <summary>Added to standard deviations before division, so that a small deviation does not inflate advantages.</summary>
    public const double Epsilon = 1e-6;

    /// <summary>Computes the advantages by a published rule.</summary>
    /// <remarks>
    /// <list type="bullet">
    /// <item>GRPO: (r − mean) / (deviation + 1e-6), unbiased deviation (Shao et al. 2024, arXiv:2402.03300, section 4.1.2);</item>
    /// <item>Dr. GRPO: r − mean (Liu et al. 2025, arXiv:2503.20783, section 3.2);</item>
    /// <item>RLOO: r − mean of the others (Ahmadian et al. 2024, arXiv:2402.14740, section 3.3);</item>
    /// <item>batch-std: (r − mean) / (deviation of all rewards + 1e-6) (Native Parallel Reasoner, 2025);</item>
    /// <item>pass-k: (best − second best) / (deviation + 1e-6) for the best, 0 for the others (Walder, Karkhanis 2025, arXiv:2505.15201);</item>
    /// <item>optimal-baseline: r − Σ nᵢ·rᵢ / Σ nᵢ, the mean weighted by length (OPO; Hao et al. 2025, arXiv:2505.23585, equation 6).</item>
    /// </list>
    /// </remarks>
    /// <param name="rewards">The reward of each response.</param>
    /// <param name="groups">The group of each response; groups may be interleaved.</param>
    /// <param name="scale">The rule.</param>
    /// <param name="lossTokensPerResponse">Number of loss tokens of each response; required by the optimal baseline only.</param>
    /// <returns>The advantage of each response.</returns>
    /// <exception cref="ArgumentException">The lengths differ, lengths of responses are required and missing, or a reward is not finite.</exception>
    public static double[] Compute(ReadOnlySpan<double> rewards, ReadOnlySpan<int> groups, AdvantageScale scale, IReadOnlyList<int>? lossTokensPerResponse = null)
    {
        if (lossTokensPerResponse is null ? scale == AdvantageScale.OptimalBaseline : lossTokensPerResponse.Count != rewards.Length)
            throw new ArgumentException($"{rewards.Length} rewards, but lengths of {lossTokensPerResponse?.Count ?? 0} responses.", nameof(lossTokensPerResponse));
        var batch = scale == AdvantageScale.BatchStd ? Deviation(rewards.ToArray()) + Epsilon : 1;
        return ForEachGroup(rewards, groups, (group, members) => scale switch
        {
            AdvantageScale.Grpo => Divided(Centred(group), Deviation(group) + Epsilon),
            AdvantageScale.DrGrpo => Centred(group),
            AdvantageScale.Rloo => LeftOneOut(group),
            AdvantageScale.BatchStd => Divided(Centred(group), batch),
            AdvantageScale.PassK => Divided(BestLessSecond(group), Deviation(group) + Epsilon),
            AdvantageScale.OptimalBaseline => LessOptimalBaseline(group, members, lossTokensPerResponse!),
            _ => throw new ArgumentOutOfRangeException(nameof(scale), scale, null),
        });
    }

    private static double[] LessOptimalBaseline(double[] rewards, List<int> members, IReadOnlyList<int> lossTokensPerResponse)
    {
        var lengths = members.ConvertAll(i => (double)lossTokensPerResponse[i]);
        var total = lengths.Sum();
        if (rewards.Length == 1 || total == 0 || AllEqual(rewards))
            return Centred(rewards);
        var baseline = rewards.Zip(lengths, (reward, length) => reward * length).Sum() / total;
        return Array.ConvertAll(rewards, reward => reward - baseline);
    }

    private static double[] Centred(double[] rewards)
    {
        if (rewards.Length == 1)
            return rewards;
        if (AllEqual(rewards))
            return new double[rewards.Length];
        var mean = rewards.Average();
        return Array.ConvertAll(rewards, r => r - mean);
    }

    private static double[] LeftOneOut(double[] rewards)
    {
        var n = rewards.Length;
        return n == 1 ? rewards : Divided(Centred(rewards), (n - 1.0) / n); // r − (Σ − r)/(n − 1) = (r − mean)·n/(n − 1)
    }

    private static double[] BestLessSecond(double[] rewards)
    {
        if (rewards.Length == 1)
            return rewards;
        var best = Array.IndexOf(rewards, rewards.Max());
        var advantages = new double[rewards.Length];
        advantages[best] = rewards[best] - rewards.Where((_, i) => i != best).Max();
        return advantages;
    }

    private static double[] Divided(double[] values, double divisor) => Array.ConvertAll(values, value => value / divisor);

    private static bool AllEqual(double[] values) => Array.TrueForAll(values, value => value == values[0]);

    private static double Deviation(double[] values)
    {
        if (values.Length < 2)
            return 1;
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
    }

    private static double[] ForEachGroup(ReadOnlySpan<double> rewards, ReadOnlySpan<int> groups, Func<double[], List<int>, double[]> rule)
    {
        var advantages = new double[rewards.Length];
        foreach (var members in Members(rewards, groups).Values)
        {
            var group = new double[members.Count];
            for (var i = 0; i < group.Length; i++)
                group[i] = rewards[members[i]];
            group = rule(group, members);
            for (var i = 0; i < group.Length; i++)
                advantages[members[i]] = group[i];
        }

        return advantages;
    }

    private static Dictionary<int, List<int>> Members(ReadOnlySpan<double> rewards, ReadOnlySpan<int> groups)
    {
        if (rewards.Length != groups.Length)
            throw new ArgumentException($"{rewards.Length} rewards, but groups of {groups.Length} responses.", nameof(groups));
        var members = new Dictionary<int, List<int>>();
        for (var i = 0; i < rewards.Length; i++)
        {
            if (!double.IsFinite(rewards[i]))
                throw new ArgumentException($"Reward {i} is {rewards[i]}; rewards must be finite.", nameof(rewards));
            if (!members.TryGetValue(groups[i], out var list))
                members.Add(groups[i], list = []);
            list.Add(i);
        }

        return members;
    }
}

/// <summary>The rule that turns the rewards of a group into advantages.</summary>
public enum AdvantageScale
{
    /// <summary>Subtract the group's mean, divide by its unbiased standard deviation (GRPO).</summary>
    Grpo,

    /// <summary>Subtract the group's mean (Dr. GRPO).</summary>
    DrGrpo,

    /// <summary>Subtract the mean of the other members (RLOO).</summary>
    Rloo,

    /// <summary>Subtract the group's mean, divide by the unbiased standard deviation of the whole batch.</summary>
    BatchStd,

    /// <summary>Best reward minus second best, over the group's standard deviation, for the best response; 0 for all others (pass@k training).</summary>
    PassK,

    /// <summary>Subtract the group's mean, weighted by the lengths of its responses (OPO).</summary>
    OptimalBaseline,
}
