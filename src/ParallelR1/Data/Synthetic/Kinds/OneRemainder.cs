namespace ParallelR1.Data.Synthetic.Kinds;

/// <summary>The number of a short range with a given remainder.</summary>
internal sealed class OneRemainder : ProblemKind
{
    public override string Name => "one-remainder";

    public override SyntheticDifficulty Difficulty => SyntheticDifficulty.Easy;

    public override Draft? Draw(Draws draws)
    {
        int modulus = draws.Between(3, 7), low = draws.Between(10, 58), remainder = draws.Between(0, modulus - 1);
        var high = low + modulus - 1;
        var name = draws.Pick(Words.Names);
        var text = draws.Between(0, 2) switch
        {
            0 => $"Which number from {low} to {high} leaves remainder {remainder} when divided by {modulus}?",
            1 => $"{name} thinks of a number from {low} to {high}. It leaves remainder {remainder} when divided by {modulus}. Which number is it?",
            _ => $"{name} has from {low} to {high} coins. Bags of {modulus} coins leave {remainder} over. How many coins does {name} have?",
        };
        var answer = low + ((remainder - low) % modulus + modulus) % modulus;
        return Draft.Of(text, answer, [low, modulus, remainder], new RangeSearch(low, high, SearchGoal.Find, x => Division.Trial(x, modulus, remainder)));
    }
}
