namespace ParallelR1.Data.Synthetic.Kinds;

/// <summary>The two of a few numbers that have a given sum: pairs tried from the left, or from the right.</summary>
internal sealed class PairOfList(string name, SyntheticDifficulty difficulty, int count) : ProblemKind
{
    public override string Name => name;

    public override SyntheticDifficulty Difficulty => difficulty;

    public override Draft? Draw(Draws draws)
    {
        var numbers = new int[count];
        for (var i = 0; i < count; i++)
            numbers[i] = draws.Between(3, 40);
        if (numbers.Distinct().Count() < count)
            return null;
        int i1 = draws.Between(0, count - 1), i2 = draws.Between(0, count - 1);
        var target = numbers[i1] + numbers[i2];
        if (i1 == i2 || Pairs(numbers, target) != 1 || numbers.Any(x => x >= target))
            return null;
        var larger = draws.Coin();
        var list = $"{string.Join(", ", numbers[..^1])} and {numbers[^1]}";
        var question = larger ? "What is the larger one?" : "What is their difference?";
        var writer = draws.Pick(Words.Names);
        var text = draws.Between(0, 1) switch
        {
            0 => $"Two of the numbers {list} add up to {target}. {question}",
            _ => $"{writer} writes down {list}. Two of these numbers add up to {target}. {question}",
        };

        int small = Math.Min(numbers[i1], numbers[i2]), large = Math.Max(numbers[i1], numbers[i2]);
        var first = Try(new Work(LowEnd), numbers, target, larger);
        var second = Try(new Work(HighEnd), [.. numbers.Reverse()], target, larger);
        return new Draft(text, larger ? large : large - small, [.. numbers.Order(), target], first, second);
    }

    private static int Pairs(int[] numbers, int target) =>
        (from a in Enumerable.Range(0, numbers.Length) from b in Enumerable.Range(0, a) select numbers[a] + numbers[b]).Count(x => x == target);

    private static SyntheticRoute Try(Work work, int[] order, int target, bool larger)
    {
        foreach (var one in order)
        {
            var other = work.Subtract(target, one);
            if (!work.Verdict(other != one && order.Contains(other)))
                continue;
            int large = Math.Max(one, other), small = Math.Min(one, other);
            return work.Gives(larger ? large : work.Subtract(large, small));
        }

        throw new InvalidOperationException("the list holds no such pair");
    }
}
