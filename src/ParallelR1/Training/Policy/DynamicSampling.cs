namespace ParallelR1.Training.Policy;

/// <summary>
/// Dynamic sampling (DAPO; Yu et al. 2025, arXiv:2503.14476, equation 11): rounds of generation continue until enough groups are there whose
/// members did not all do equally well.
/// </summary>
/// <remarks>Equal means equal values: the deviation of equal values can come out above zero by rounding.</remarks>
/// <param name="promptsWanted">Groups of a full batch.</param>
/// <param name="samplesPerPrompt">Trajectories of a group.</param>
/// <param name="maxRounds">Rounds allowed; 0: no limit.</param>
internal sealed class DynamicSampling(int promptsWanted, int samplesPerPrompt, int maxRounds = 0)
{
    private readonly List<(int Round, int Index)> _kept = [];
    private int _groups;

    /// <summary>Rounds seen so far.</summary>
    public int Rounds { get; private set; }

    /// <summary>Takes the trajectories of a round.</summary>
    /// <param name="groups">The group of each trajectory.</param>
    /// <param name="metrics">What must differ within a group, such as the reward.</param>
    /// <returns>The groups that were kept, in order of appearance, and what to do next.</returns>
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

    /// <summary>The batch as far as it is there: the first kept trajectories in order of appearance, surplus left out.</summary>
    public IReadOnlyList<(int Round, int Index)> Batch() => [.. _kept.Take(checked(promptsWanted * samplesPerPrompt))];

    private SamplingOutcome Outcome() =>
        _groups >= promptsWanted ? SamplingOutcome.Ok
        : maxRounds > 0 && Rounds >= maxRounds ? SamplingOutcome.BudgetExhausted
        : SamplingOutcome.NeedsMore;
}

/// <summary>Where dynamic sampling stands.</summary>
internal enum SamplingOutcome
{
    /// <summary>More groups with a spread are needed, and another round may be generated.</summary>
    NeedsMore,

    /// <summary>The batch is full.</summary>
    Ok,

    /// <summary>The last allowed round is used, and the batch is not full.</summary>
    BudgetExhausted,
}
