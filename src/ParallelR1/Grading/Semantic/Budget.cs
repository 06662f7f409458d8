using System.Diagnostics;

namespace ParallelR1.Grading.Semantic;

/// <summary>Steps and time that one pair may take. Every loop of the grader spends from it.</summary>
internal sealed class Budget
{
    private const int StepsBetweenLooks = 64;

    /// <summary>Below this a pair cannot take long; not looking at the clock keeps verdicts the same on a machine that stutters.</summary>
    private const int StepsWithoutClock = 4000;

    private readonly long _deadline = Stopwatch.GetTimestamp() + Stopwatch.Frequency * MaximumMilliseconds / 1000;
    private int _left = MaximumSteps;

    /// <summary>Time for a pair, below the promised 50 ms because a single step may take a moment.</summary>
    public const int MaximumMilliseconds = 35;

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
    public void Spend(int steps = 1)
    {
        var before = _left;
        _left -= steps;
        if (_left < 0 || (_left < MaximumSteps - StepsWithoutClock && before / StepsBetweenLooks != _left / StepsBetweenLooks && Stopwatch.GetTimestamp() > _deadline))
            throw new BudgetExceededException();
    }
}
