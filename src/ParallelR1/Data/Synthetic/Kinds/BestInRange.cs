namespace ParallelR1.Data.Synthetic.Kinds;

/// <summary>The largest remainder of a number divided by the numbers of a range.</summary>
internal sealed class BestInRange(string name, SyntheticDifficulty difficulty, int highestStart, int shortest, int longest) : ProblemKind
{
    public override string Name => name;

    public override SyntheticDifficulty Difficulty => difficulty;

    public override Draft? Draw(Draws draws)
    {
        int dividend = draws.Between(32, 59), low = draws.Between(4, highestStart);
        var high = low + draws.Between(shortest, longest) - 1;
        if (high >= dividend)
            return null;
        var (person, things) = (draws.Pick(Words.Names), draws.Pick(Words.Things));
        var text = draws.Between(0, 1) switch
        {
            0 => $"{person} divides {dividend} by each number from {low} to {high}. What is the largest remainder?",
            _ => $"{person} has {dividend} {things}. Bags may hold from {low} to {high} {things}. How many can be left over at most?",
        };

        // Computed the other way round: the largest remainder that any number of the range leaves.
        var answer = Enumerable.Range(0, high).Reverse().First(r => Enumerable.Range(low, high - low + 1).Any(d => r < d && (dividend - r) % d == 0));
        return Draft.Of(text, answer, [dividend, low, high], new RangeSearch(low, high, SearchGoal.Best, Test));

        Trial Test(int x) => new(Division.Text(dividend, x), false, dividend % x);
    }
}
