namespace ParallelR1.Data.Synthetic.Kinds;

/// <summary>The number of a range with two given remainders.</summary>
internal sealed class FindInRange : ProblemKind
{
    public override string Name => "find-in-range";

    public override SyntheticDifficulty Difficulty => SyntheticDifficulty.Hard;

    public override Draft? Draw(Draws draws)
    {
        int step = draws.Between(4, 7), check = draws.Between(3, 5), low = draws.Between(10, 40);
        var length = draws.Between(12, 24);
        if (step <= check || Gcd(step, check) != 1 || length > step * check)
            return null;
        var high = low + length - 1;
        var answer = draws.Between(low, high);
        int remainder = answer % step, second = answer % check;
        var name = draws.Pick(Words.Names);
        var text = draws.Between(0, 2) switch
        {
            0 => $"Which number from {low} to {high} leaves remainder {remainder} when divided by {step} and remainder {second} when divided by {check}?",
            1 => $"{name} thinks of a number from {low} to {high}. It leaves remainder {remainder} when divided by {step} and remainder {second} when divided by {check}. Which number is it?",
            _ => $"{name} has from {low} to {high} coins. Bags of {step} coins leave {remainder} over, bags of {check} coins leave {second} over. How many coins does {name} have?",
        };

        // The second division is done only where the first one passes.
        Trial Test(int x)
        {
            var first = Division.Trial(x, step, remainder);
            return first.Passes ? first with { Work = $"{first.Work} and {Division.Text(x, check)} want{second}", Passes = x % check == second } : first;
        }

        return Draft.Of(text, answer, [low, length, step, check, remainder, second], new RangeSearch(low, high, SearchGoal.Find, Test));
    }

    private static int Gcd(int a, int b) => b == 0 ? a : Gcd(b, a % b);
}
