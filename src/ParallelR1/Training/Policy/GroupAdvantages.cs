namespace ParallelR1.Training.Policy;

/// <summary>
/// Advantages of whole responses from the rewards of their group (the responses to the same prompt). Every loss token of a response
/// gets its response's advantage.
/// </summary>
public static class GroupAdvantages
{
    /// <summary>What keeps a small deviation from blowing rewards up.</summary>
    public const double Epsilon = 1e-6;

    /// <summary>
    /// Group-relative advantages: (r − mean) / (deviation + 1e-6) with the unbiased deviation (GRPO; Shao et al. 2024, section 4.1.2),
    /// or r − mean (Dr. GRPO; Liu et al. 2025, section 3.2).
    /// </summary>
    /// <remarks>
    /// Equal rewards give exactly 0: rounding must not decide whether a group without spread teaches anything. A group of one has mean
    /// 0 and deviation 1.
    /// </remarks>
    /// <param name="rewards">One per response.</param>
    /// <param name="groups">The group of each response; groups may be interleaved.</param>
    /// <param name="scale">Whether to divide by the deviation.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a reward is not finite.</exception>
    public static double[] Compute(ReadOnlySpan<double> rewards, ReadOnlySpan<int> groups, AdvantageScale scale) =>
        ForEachGroup(rewards, groups, group => scale switch
        {
            AdvantageScale.Grpo => Standardized(group),
            AdvantageScale.DrGrpo => Centred(group),
            _ => throw new ArgumentOutOfRangeException(nameof(scale), scale, null),
        });

    private static double[] Standardized(double[] rewards)
    {
        var divisor = (rewards.Length == 1 ? 1 : Deviation(rewards)) + Epsilon;
        return Array.ConvertAll(Centred(rewards), centred => centred / divisor);
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

    private static bool AllEqual(double[] values) => Array.TrueForAll(values, value => value == values[0]);

    private static double Deviation(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
    }

    private static double[] ForEachGroup(ReadOnlySpan<double> rewards, ReadOnlySpan<int> groups, Func<double[], double[]> rule)
    {
        var advantages = new double[rewards.Length];
        foreach (var members in Members(rewards, groups).Values)
        {
            var group = new double[members.Count];
            for (var i = 0; i < group.Length; i++)
                group[i] = rewards[members[i]];
            group = rule(group);
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
