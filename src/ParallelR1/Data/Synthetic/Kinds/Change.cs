namespace ParallelR1.Data.Synthetic.Kinds;

/// <summary>Two products and a payment: the bill first, or paid one after the other.</summary>
internal sealed class Change : ProblemKind
{
    public override string Name => "change";

    public override SyntheticDifficulty Difficulty => SyntheticDifficulty.Hard;

    public override Draft? Draw(Draws draws)
    {
        int n = draws.Between(3, 9), p = draws.Between(4, 15), m = draws.Between(3, 9), q = draws.Between(4, 15);
        var bill = n * p + m * q;
        var paid = (bill / 50 + 1) * 50;
        if (paid - bill < 2 || p == q)
            return null;
        var name = draws.Pick(Words.Names);
        var (things, others) = draws.PickTwo(Words.Things);
        var trap = Words.Distraction(draws, name);
        var text = draws.Between(0, 2) switch
        {
            0 => $"{name} buys {n} {things} for {p} coins each and {m} {others} for {q} coins each. {trap} {name} pays with {paid} coins. How many coins does {name} get back?",
            1 => $"{name} has {paid} coins. {trap} {name} buys {n} {things} at {p} coins and {m} {others} at {q} coins. How many coins are left?",
            _ => $"In a shop {things} cost {p} coins each and {others} cost {q} coins each. {trap} {name} has {paid} coins, buys {n} {things} and {m} {others}. How many coins are left?",
        };

        var total = new Work(StepByStep);
        var first = total.Gives(total.Subtract(paid, total.Add(total.Multiply(n, p), total.Multiply(m, q))));
        var each = new Work(Regrouped);
        var rest = each.Subtract(paid, each.Multiply(n, p));
        var second = each.Gives(each.Subtract(rest, each.Multiply(m, q)));
        return new Draft(text, paid - bill, Math.Min(n * 100 + p, m * 100 + q) == n * 100 + p ? [n, p, m, q] : [m, q, n, p], first, second);
    }
}
