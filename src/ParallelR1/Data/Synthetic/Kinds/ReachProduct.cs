namespace ParallelR1.Data.Synthetic.Kinds;

/// <summary>Three numbers and the product of two of them: pairs from the smallest up, or from the largest down.</summary>
internal sealed class ReachProduct : ProblemKind
{
    public override string Name => "reach-product";

    public override SyntheticDifficulty Difficulty => SyntheticDifficulty.Easy;

    public override Draft? Draw(Draws draws)
    {
        int a = draws.Between(2, 10), b = draws.Between(3, 12), c = draws.Between(4, 15);
        if (a >= b || b >= c)
            return null;
        (int X, int Y, int Left)[] pairs = [(a, b, c), (a, c, b), (b, c, a)];
        var chosen = draws.Pick(pairs);
        var target = chosen.X * chosen.Y;
        var alone = draws.Coin();
        var question = alone ? "Which number is not multiplied?" : "What is the larger one?";
        var name = draws.Pick(Words.Names);
        var text = draws.Between(0, 1) switch
        {
            0 => $"Multiply two of the numbers {a}, {b} and {c} to reach {target}. {question}",
            _ => $"{name} multiplies two of the numbers {a}, {b} and {c}. The result is {target}. {question}",
        };

        var first = Try(new Work(LowEnd), pairs, target, alone);
        var second = Try(new Work(HighEnd), [.. pairs.Reverse()], target, alone);
        return new Draft(text, alone ? chosen.Left : chosen.Y, [a, b, c, target], first, second);
    }

    private static SyntheticRoute Try(Work work, (int X, int Y, int Left)[] order, int target, bool alone)
    {
        var found = order.First(pair => work.Wanted(work.Multiply(pair.X, pair.Y), target));
        return work.Gives(alone ? found.Left : found.Y);
    }
}
