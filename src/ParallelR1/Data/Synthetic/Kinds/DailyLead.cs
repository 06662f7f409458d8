namespace ParallelR1.Data.Synthetic.Kinds;

/// <summary>Two people at different speeds for as many days: both totals, or the lead of one day.</summary>
internal sealed class DailyLead : ProblemKind
{
    public override string Name => "daily-lead";

    public override SyntheticDifficulty Difficulty => SyntheticDifficulty.Easy;

    public override Draft? Draw(Draws draws)
    {
        int fast = draws.Between(4, 15), slow = draws.Between(2, 13), days = draws.Between(2, 9);
        if (fast - slow < 2)
            return null;
        var (name, other) = draws.PickTwo(Words.Names);
        var things = draws.Pick(Words.Things);
        var text = draws.Between(0, 2) switch
        {
            0 => $"{name} sells {fast} {things} a day and {other} sells {slow} {things} a day. How many more {things} does {name} sell in {days} days?",
            1 => $"In each of {days} boxes there are {fast} {things} of {name} and {slow} {things} of {other}. How many more {things} does {name} have?",
            _ => $"{other} makes {slow} {things} a day. {name} makes {fast} {things} a day. How many fewer does {other} make in {days} days?",
        };

        var totals = new Work(StepByStep);
        var first = totals.Gives(totals.Subtract(totals.Multiply(days, fast), totals.Multiply(days, slow)));
        var lead = new Work(Regrouped);
        var second = lead.Gives(lead.Multiply(days, lead.Subtract(fast, slow)));
        return new Draft(text, (fast - slow) * days, [fast, slow, days], first, second);
    }
}
