namespace ParallelR1.Data.Synthetic.Kinds;

/// <summary>The number of a range with two given remainders: candidates upwards, or downwards.</summary>
internal sealed class TwoRemainders : ProblemKind
{
    public override string Name => "two-remainders";

    public override SyntheticDifficulty Difficulty => SyntheticDifficulty.Hard;

    public override Draft? Draw(Draws draws)
    {
        int step = draws.Between(4, 8), check = draws.Between(3, 5), low = draws.Between(10, 40);
        if (step <= check || Gcd(step, check) != 1)
            return null;
        var high = low + step * check - 1;
        var answer = draws.Between(low, high);
        int remainder = answer % step, second = answer % check;
        var name = draws.Pick(Words.Names);
        var text = draws.Between(0, 2) switch
        {
            0 => $"Which number from {low} to {high} leaves remainder {remainder} when divided by {step} and remainder {second} when divided by {check}?",
            1 => $"{name} thinks of a number from {low} to {high}. It leaves remainder {remainder} when divided by {step} and remainder {second} when divided by {check}. Which number is it?",
            _ => $"{name} has from {low} to {high} coins. Bags of {step} coins leave {remainder} over, bags of {check} coins leave {second} over. How many coins does {name} have?",
        };

        var up = new Work(LowEnd);
        var candidate = Ranges.FirstUp(up, low, step, remainder);
        while (up.Remainder(candidate, check) != second)
            candidate = up.Add(candidate, step);
        var down = new Work(HighEnd);
        var other = Ranges.FirstDown(down, high, step, remainder);
        while (down.Remainder(other, check) != second)
            other = down.Subtract(other, step);
        return new Draft(text, answer, [low, step, check, remainder, second], up.Gives(candidate), down.Gives(other));
    }

    private static int Gcd(int a, int b) => b == 0 ? a : Gcd(b, a % b);
}
