namespace ParallelR1.Data.Synthetic.Kinds;

/// <summary>How many numbers of a range divide a number.</summary>
internal sealed class DivisorsInRange(string name, SyntheticDifficulty difficulty, int highestStart, int shortest, int longest) : ProblemKind
{
    public override string Name => name;

    public override SyntheticDifficulty Difficulty => difficulty;

    public override Draft? Draw(Draws draws)
    {
        int dividend = draws.Between(24, 59), low = draws.Between(2, highestStart);
        var high = low + draws.Between(shortest, longest) - 1;
        var answer = Enumerable.Range(1, dividend).Where(d => dividend % d == 0).Count(d => d >= low && d <= high);
        if (high >= dividend)
            return null;
        var (person, things) = (draws.Pick(Words.Names), draws.Pick(Words.Things));
        var text = draws.Between(0, 2) switch
        {
            0 => $"How many numbers from {low} to {high} divide {dividend} without remainder?",
            1 => $"{person} has {dividend} {things}. Bags may hold from {low} to {high} {things}. For how many of these sizes are none left over?",
            _ => $"{person} divides {dividend} by each number from {low} to {high}. How often is nothing left over?",
        };
        return Draft.Of(text, answer, [dividend, low, high], new RangeSearch(low, high, SearchGoal.Count, Test));

        Trial Test(int x) => new($"{Division.Text(dividend, x)} want0", dividend % x == 0, x);
    }
}
