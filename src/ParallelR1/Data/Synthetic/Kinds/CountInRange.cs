namespace ParallelR1.Data.Synthetic.Kinds;

/// <summary>How many numbers of a range leave a given remainder.</summary>
internal sealed class CountInRange(string name, SyntheticDifficulty difficulty, int highestStart, int shortest, int longest) : ProblemKind
{
    public override string Name => name;

    public override SyntheticDifficulty Difficulty => difficulty;

    public override Draft? Draw(Draws draws)
    {
        int modulus = draws.Between(3, 7), low = draws.Between(10, highestStart), remainder = draws.Between(0, modulus - 1);
        var high = low + draws.Between(shortest, longest) - 1;
        var person = draws.Pick(Words.Names);
        var text = draws.Between(0, 2) switch
        {
            0 => $"How many numbers from {low} to {high} leave remainder {remainder} when divided by {modulus}?",
            1 => $"{person} writes down the numbers from {low} to {high}. How many of them leave remainder {remainder} when divided by {modulus}?",
            _ => $"{person} has bags of {low} to {high} coins. From how many bags are {remainder} coins left when {modulus} take equal shares?",
        };
        var answer = Below(high, modulus, remainder) - Below(low - 1, modulus, remainder);
        return Draft.Of(text, answer, [low, high, modulus, remainder], new RangeSearch(low, high, SearchGoal.Count, x => Division.Trial(x, modulus, remainder)));
    }

    // The number of integers in 0..last that leave the remainder.
    private static int Below(int last, int modulus, int remainder) => last < remainder ? 0 : (last - remainder) / modulus + 1;
}
