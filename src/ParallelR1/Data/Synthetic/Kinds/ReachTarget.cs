namespace ParallelR1.Data.Synthetic.Kinds;

/// <summary>Three numbers and a target to reach by one product and one sum or difference: tried in either order.</summary>
internal sealed class ReachTarget : ProblemKind
{
    public override string Name => "reach-target";

    public override SyntheticDifficulty Difficulty => SyntheticDifficulty.Hard;

    public override Draft? Draw(Draws draws)
    {
        int a = draws.Between(2, 8), b = draws.Between(3, 9), c = draws.Between(4, 12);
        if (a >= b || b >= c)
            return null;
        (int X, int Y, int Z)[] choices = [(a, b, c), (a, c, b), (b, c, a)];
        var chosen = draws.Pick(choices);
        var target = chosen.X * chosen.Y + (draws.Coin() ? chosen.Z : -chosen.Z);
        if (target <= 0 || choices.Any(t => t.X * t.Y < t.Z) || choices.Count(t => Reaches(t, target)) != 1)
            return null;
        var alone = draws.Coin();
        var question = alone ? "Which number is not multiplied?" : "What is the product?";
        var name = draws.Pick(Words.Names);
        var text = draws.Between(0, 1) switch
        {
            0 => $"Multiply two of the numbers {a}, {b} and {c}, then add or subtract the third, to reach {target}. {question}",
            _ => $"{name} multiplies two of the numbers {a}, {b} and {c} and adds or subtracts the third. The result is {target}. {question}",
        };

        var first = Try(new Work(LowEnd), choices, target, alone);
        var second = Try(new Work(HighEnd), [.. choices.Reverse()], target, alone);
        return new Draft(text, alone ? chosen.Z : chosen.X * chosen.Y, [a, b, c, target], first, second);
    }

    private static bool Reaches((int X, int Y, int Z) t, int target) => t.X * t.Y + t.Z == target || t.X * t.Y - t.Z == target;

    private static SyntheticRoute Try(Work work, (int X, int Y, int Z)[] order, int target, bool alone)
    {
        foreach (var (x, y, z) in order)
        {
            var product = work.Multiply(x, y);
            if (work.Wanted(work.Add(product, z), target) || work.Wanted(work.Subtract(product, z), target))
                return work.Gives(alone ? z : product);
        }

        throw new InvalidOperationException("the numbers do not reach the target");
    }
}
