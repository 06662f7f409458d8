namespace ParallelR1.Data.Synthetic.Kinds;

/// <summary>Two amounts at one price: separately, or together.</summary>
internal sealed class SamePrice : ProblemKind
{
    public override string Name => "same-price";

    public override SyntheticDifficulty Difficulty => SyntheticDifficulty.Easy;

    public override Draft? Draw(Draws draws)
    {
        int n = draws.Between(2, 9), m = draws.Between(2, 9), price = draws.Between(2, 9);
        var name = draws.Pick(Words.Names);
        var (things, others) = draws.PickTwo(Words.Things);
        var text = draws.Between(0, 2) switch
        {
            0 => $"{name} buys {n} {things} for {price} coins each and {m} {others} for {price} coins each. How many coins is that in all?",
            1 => $"A box holds {price} {things}. {name} fills {n} boxes in the morning and {m} boxes in the evening. How many {things} are in the boxes?",
            _ => $"{name} makes {price} {things} a day. How many {things} are there after {n} days and then {m} more days?",
        };

        var apart = new Work(StepByStep);
        var first = apart.Gives(apart.Add(apart.Multiply(n, price), apart.Multiply(m, price)));
        var together = new Work(Regrouped);
        var second = together.Gives(together.Multiply(together.Add(n, m), price));
        return new Draft(text, (n + m) * price, [Math.Min(n, m), Math.Max(n, m), price], first, second);
    }
}
