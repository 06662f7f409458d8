namespace ParallelR1.Data.Synthetic.Kinds;

/// <summary>Two numbers with a given sum and product: the smaller one is searched for from 2 to half of the sum, or in a short range given in the problem.</summary>
internal sealed class SumAndProduct(string name, SyntheticDifficulty difficulty) : ProblemKind
{
    public override string Name => name;

    public override SyntheticDifficulty Difficulty => difficulty;

    public override Draft? Draw(Draws draws)
    {
        int smaller = draws.Between(2, 14), larger = draws.Between(4, 20);
        int sum = smaller + larger, product = smaller * larger;
        if (smaller >= larger || sum is < 18 or > 30)
            return null;
        var asked = draws.Between(0, 1);
        var person = draws.Pick(Words.Names);
        var question = asked == 0 ? "What is the larger one?" : "What is the smaller one?";
        var (low, high, where) = (2, sum / 2, "");
        if (difficulty == SyntheticDifficulty.Easy)
        {
            low = smaller - draws.Between(0, Math.Min(smaller - 2, 5));
            high = Math.Min(smaller + draws.Between(1, 5), sum / 2);
            where = $" The smaller one is from {low} to {high}.";
        }

        var text = draws.Between(0, 1) switch
        {
            0 => $"Two numbers above 1 have the sum {sum} and the product {product}.{where} {question}",
            _ => $"{person} thinks of two numbers above 1. Added they make {sum}, multiplied they make {product}.{where} {question}",
        };
        if (high - low < 2)
            return null;
        return Draft.Of(text, asked == 0 ? larger : smaller, [sum, product, asked, low, high], new RangeSearch(low, high, SearchGoal.Find, Test));

        Trial Test(int x) => new($"{x}+{sum - x}={sum} {x}*{sum - x}={x * (sum - x)} want{product}", x * (sum - x) == product, asked == 0 ? sum - x : x);
    }
}
