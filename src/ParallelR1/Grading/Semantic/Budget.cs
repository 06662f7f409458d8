namespace ParallelR1.Grading.Semantic;

/// <summary>Steps that one pair may take. Every loop of the grader spends from it, so a verdict is the same however busy the machine is.</summary>
internal sealed class Budget
{
    private const int StepsBetweenLooks = 64;

    /// <summary>Far more than all steps take; a clock that runs out says that the grader is at fault, and gives no verdict.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>What the time between two looks counts at most: the program may have been suspended, or the machine have slept.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private long _looked = TimeProvider.System.GetTimestamp();
    private TimeSpan _taken;
    private int _left = MaximumSteps;

    public const int MaximumSteps = 40_000;

    /// <summary>Digits or bits beyond which a number is no longer multiplied out.</summary>
    public const int MaximumBits = 16_384;

    /// <summary>Nesting beyond which a text is not parsed.</summary>
    public const int MaximumDepth = 48;

    /// <summary>Spends what arithmetic with numbers of so many bits costs.</summary>
    public void SpendBits(long bits)
    {
        if (bits > 512)
            Spend((int)Math.Min(MaximumSteps, (bits * bits) >> 17));
    }

    /// <exception cref="BudgetExceededException">The budget has ended.</exception>
    /// <exception cref="TimeoutException">The steps take longer than they ever should.</exception>
    public void Spend(int steps = 1)
    {
        var before = _left;
        _left -= steps;
        if (_left < 0)
            throw new BudgetExceededException();
        if (before / StepsBetweenLooks != _left / StepsBetweenLooks)
            Look();
    }

    private void Look()
    {
        var now = TimeProvider.System.GetTimestamp();
        var since = TimeProvider.System.GetElapsedTime(_looked, now);
        (_looked, _taken) = (now, _taken + (since < s_pause ? since : s_pause));
        if (_taken > s_patience)
        {
            throw new TimeoutException(
                $"grading one pair took more than {s_patience.TotalSeconds:0} s with {_left} of {MaximumSteps} steps left; this is a fault of the grader: please report the pair");
        }
    }
}
