namespace ParallelR1.Data.Synthetic.Kinds;

/// <summary>Two numbers by sum and product: pairs from the outside in, or from the middle out.</summary>
internal sealed class SumAndProduct : ProblemKind
{
    public override string Name => "sum-and-product";

    public override SyntheticDifficulty Difficulty => SyntheticDifficulty.Hard;

    public override Draft? Draw(Draws draws)
    {
        int smaller = draws.Between(3, 9), larger = draws.Between(4, 16);
        if (smaller >= larger || smaller + larger < 10)
            return null;
        int sum = smaller + larger, product = smaller * larger;
        var asked = draws.Between(0, 2);
        var question = asked switch { 0 => "What is the larger one?", 1 => "What is the smaller one?", _ => "What is their difference?" };
        var name = draws.Pick(Words.Names);
        var text = draws.Between(0, 1) switch
        {
            0 => $"Two numbers above 1 have the sum {sum} and the product {product}. {question}",
            _ => $"{name} thinks of two numbers above 1. Added they make {sum}, multiplied they make {product}. {question}",
        };

        var outside = new Work(LowEnd);
        var first = Finish(outside, Search(outside, sum, product, 2, 1), sum, asked);
        var middle = new Work(HighEnd);
        var second = Finish(middle, Search(middle, sum, product, sum / 2, -1), sum, asked);
        var answer = asked switch { 0 => larger, 1 => smaller, _ => larger - smaller };
        return new Draft(text, answer, [sum, product], first, second);
    }

    private static int Search(Work work, int sum, int product, int start, int step)
    {
        var x = start;
        while (work.Multiply(x, sum - x) != product)
            x += step;
        return x;
    }

    private static SyntheticRoute Finish(Work work, int smaller, int sum, int asked) => work.Gives(asked switch
    {
        0 => sum - smaller,
        1 => smaller,
        _ => work.Subtract(sum - smaller, smaller),
    });
}
