namespace ParallelR1.Rewards;

/// <summary>The table of the published reward methods, one formula each.</summary>
internal static class RewardMethods
{
    /// <summary>The published schedule: eight steps of accuracy, then two of tiers.</summary>
    private static readonly RewardSchedule Published = new();

    private static readonly Dictionary<string, Func<RewardInput, double>> Math = new(StringComparer.Ordinal)
    {
        ["accuracy_reward"] = x => x.Sign,
        ["accuracy_times_parallel_reward"] = x => x.Correct && x.ParallelInForm ? 1 : -1,
        ["format_times_accuracy_times_parallel_reward"] = x => x.Correct && x.ParallelInForm ? 1 : -1,
        ["accuracy_add_parallel_reward"] = x => x.Sign + (x.ParallelInForm ? 0.5 : 0),
        ["accuracy_parallel_reward"] = x => x.Sign + System.Math.Sqrt(x.Parallel),
        ["emphase_acc"] = x => x.Tiered(1, 1, -1),
        ["emphase_parallel"] = x => x.Tiered(1.2, 1, -1),
        ["emphase_parallel_enhance"] = x => x.Tiered(2, 1, -1),
        ["emphase_parallel_add_diversity"] = x => x.Tiered(1.2 - 0.2 * x.SelfBleu, 1, -1),
        ["accuracy_add_diversity_reward"] = x => x.Sign - 0.3 * x.SelfBleu,
        ["accuracy_add_parallel_add_diversity_reward"] = x => x.Sign + (x.Parallel > 0 ? 1 : 0) - 0.3 * x.SelfBleu,
        ["accuracy_add_efficiency_reward"] = x => x.Sign + (x.Correct ? 0.4 : 0.1) * x.Efficiency.Gain,
        ["accuracy_add_efficiency_reward_decay"] = x => x.Sign + (x.Correct ? 0.4 : 0.1) * x.Decay * x.Efficiency.Gain,
        ["accuracy_parallel_interv_reward"] = x => Published.IsAccuracyStep(x.Step) ? x.Sign : Tiered(x, Published.Tiers),
    };

    private static readonly Dictionary<string, Func<RewardInput, double>> Gsm8k = new(StringComparer.Ordinal)
    {
        ["accuracy_reward"] = x => x.Correct ? 1 : 0,
        ["accuracy_times_special_token_reward"] = x => x.Correct && x.ParallelInForm ? 1 : 0,
        ["format_times_accuracy_times_parallel_reward"] = x => x.Correct && x.ParallelInForm ? 1 : 0,
        ["accuracy_add_parallel_reward"] = x => (x.Correct ? 1 : 0) + (x.HasAnswer && x.ParallelInForm ? 0.5 : 0),
        ["emphase_acc"] = x => x.Tiered(1, 1, 0),
        ["emphase_parallel"] = x => x.Tiered(1.2, 1, 0),
        ["emphase_parallel_add_diversity"] = x => x.Tiered(1.2 - 0.2 * x.SelfBleu, 1, 0),
    };

    public static IReadOnlyCollection<string> Names(RewardFamily family) => Table(family).Keys;

    /// <exception cref="UsageException">The family has no such method.</exception>
    public static Func<RewardInput, double> ByName(RewardFamily family, string method) =>
        Table(family).TryGetValue(method, out var formula)
            ? formula
            : throw new UsageException(
                $"no reward method '{method}' in the family {family.ToString().ToLowerInvariant()}; its methods are {string.Join(", ", Names(family))}");

    public static double Tiered(RewardInput input, RewardTiers tiers) => input.Tiered(tiers.Parallel, tiers.Plain, tiers.Wrong);

    private static Dictionary<string, Func<RewardInput, double>> Table(RewardFamily family) => family == RewardFamily.Gsm8k ? Gsm8k : Math;
}
