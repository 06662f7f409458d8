namespace ParallelR1.Data.Synthetic.Kinds;

/// <summary>A sum of four numbers: from left to right, or in pairs.</summary>
internal sealed class FourNumbers : ProblemKind
{
    public override string Name => "four-numbers";

    public override SyntheticDifficulty Difficulty => SyntheticDifficulty.Easy;

    public override Draft? Draw(Draws draws)
    {
        int a = draws.Between(3, 30), b = draws.Between(3, 30), c = draws.Between(3, 30), d = draws.Between(3, 30);
        var name = draws.Pick(Words.Names);
        var things = draws.Pick(Words.Things);
        var text = draws.Between(0, 2) switch
        {
            0 => $"{name} has {a} {things}, finds {b}, then {c} and then {d} more. How many {things} does {name} have?",
            1 => $"There are {a} {things} on the table, {b} in a bag, {c} in a box and {d} in the shop. How many {things} are there in all?",
            _ => $"{name} sells {a} {things} on Monday, {b} on Tuesday, {c} on Friday and {d} on Sunday. How many {things} is that in all?",
        };

        var left = new Work(StepByStep);
        var first = left.Gives(left.Add(left.Add(left.Add(a, b), c), d));
        var pairs = new Work(Regrouped);
        var second = pairs.Gives(pairs.Add(pairs.Add(a, b), pairs.Add(c, d)));
        return new Draft(text, a + b + c + d, [.. new[] { a, b, c, d }.Order()], first, second);
    }
}
