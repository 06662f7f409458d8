namespace ParallelR1.Data.Synthetic.Kinds;

/// <summary>Two heaps shared equally: all at once, or heap by heap.</summary>
internal sealed class EqualShares : ProblemKind
{
    public override string Name => "equal-shares";

    public override SyntheticDifficulty Difficulty => SyntheticDifficulty.Easy;

    public override Draft? Draw(Draws draws)
    {
        int shares = draws.Between(2, 9), one = draws.Between(2, 9), two = draws.Between(2, 9);
        int a = one * shares, b = two * shares;
        var (name, other) = draws.PickTwo(Words.Names);
        var things = draws.Pick(Words.Things);
        var text = draws.Between(0, 2) switch
        {
            0 => $"{name} has {a} {things} and {other} has {b}. They share all of them equally among {shares} boxes. How many {things} are in each box?",
            1 => $"{a} {things} of {name} and {b} {things} of {other} are shared equally by {shares} people. How many {things} does each get?",
            _ => $"{name} puts {a} {things} and then {b} more into {shares} bags, as many in each. How many {things} are in a bag?",
        };

        var heap = new Work(StepByStep);
        var first = heap.Gives(heap.Divide(heap.Add(a, b), shares));
        var each = new Work(Regrouped);
        var second = each.Gives(each.Add(each.Divide(a, shares), each.Divide(b, shares)));
        return new Draft(text, one + two, [Math.Min(one, two), Math.Max(one, two), shares], first, second);
    }
}
