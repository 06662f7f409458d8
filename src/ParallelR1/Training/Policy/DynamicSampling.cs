namespace ParallelR1.Training.Policy;

/// <summary>
/// Dynamic sampling (DAPO; Yu et al. 2025, arXiv:2503.14476, equation 11): generates rounds until there are enough groups whose
/// members do not all have the same metric.
/// </summary>
/// <remarks>Values are compared directly, because rounding can make the standard deviation of equal values greater than zero.</remarks>
/// <param name="promptsWanted">Number of groups of a full batch.</param>
/// <param name="samplesPerPrompt">Number of trajectories per group.</param>
/// <param name="maxRounds">Maximum number of rounds; 0 for no limit.</param>
internal sealed class DynamicSampling(int promptsWanted, int samplesPerPrompt, int maxRounds = 0)
{
    private readonly List<(int Round, int Index)> _kept = [];
    private int _groups;

    /// <summary>Gets the number of rounds added so far.</summary>
    public int Rounds { get; private set; }

    /// <summary>Adds the trajectories of a round.</summary>
    /// <param name="groups">The group of each trajectory.</param>
    /// <param name="metrics">The metric of each trajectory that must differ within a group, such as the reward.</param>
    /// <returns>The groups of this round that are kept, in order of appearance, and whether the batch is full.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public (IReadOnlyList<int> Kept, SamplingOutcome Outcome) Add(ReadOnlySpan<int> groups, ReadOnlySpan<double> metrics)
    {
        if (groups.Length != metrics.Length)
            throw new ArgumentException($"Groups of {groups.Length} trajectories, but metrics of {metrics.Length}.", nameof(metrics));
        var values = new Dictionary<int, (double First, int Count, bool Spread)>();
        var order = new List<int>();
        for (var i = 0; i < groups.Length; i++)
        {
            if (!values.TryGetValue(groups[i], out var seen))
            {
                order.Add(groups[i]);
                seen = (metrics[i], 0, false);
            }

            values[groups[i]] = (seen.First, seen.Count + 1, seen.Spread || metrics[i] != seen.First);
        }

        var kept = order.FindAll(group => values[group].Spread || values[group].Count == 1);
        var keptSet = kept.ToHashSet();
        for (var i = 0; i < groups.Length; i++)
        {
            if (keptSet.Contains(groups[i]))
                _kept.Add((Rounds, i));
        }

        _groups += kept.Count;
        Rounds++;
        return (kept, Outcome());
    }

    /// <summary>Gets the batch so far: the first kept trajectories in order of appearance, at most a full batch.</summary>
    public IReadOnlyList<(int Round, int Index)> Batch() => [.. _kept.Take(checked(promptsWanted * samplesPerPrompt))];

    private SamplingOutcome Outcome() =>
        _groups >= promptsWanted ? SamplingOutcome.Ok
        : maxRounds > 0 && Rounds >= maxRounds ? SamplingOutcome.BudgetExhausted
        : SamplingOutcome.NeedsMore;
}

/// <summary>The state of dynamic sampling after a round.</summary>
internal enum SamplingOutcome
{
    /// <summary>More groups with differing metrics are needed, and another round may be generated.</summary>
    NeedsMore,

    /// <summary>The batch is full.</summary>
    Ok,

    /// <summary>The maximum number of rounds is reached, and the batch is not full.</summary>
    BudgetExhausted,
}
