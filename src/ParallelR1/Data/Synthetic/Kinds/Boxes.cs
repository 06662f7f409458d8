namespace ParallelR1.Data.Synthetic.Kinds;

/// <summary>Full boxes, some taken out and some put in: one after the other, or the net change first.</summary>
internal sealed class Boxes : ProblemKind
{
    public override string Name => "boxes";

    public override SyntheticDifficulty Difficulty => SyntheticDifficulty.Easy;

    public override Draft? Draw(Draws draws)
    {
        int boxes = draws.Between(2, 9), each = draws.Between(3, 9), lost = draws.Between(2, 20), found = draws.Between(2, 20);
        var full = boxes * each;
        if (lost >= full || lost == found)
            return null;
        var name = draws.Pick(Words.Names);
        var things = draws.Pick(Words.Things);
        var text = draws.Between(0, 2) switch
        {
            0 => $"{name} has {boxes} boxes with {each} {things} each, gives away {lost} {things} and gets {found}. How many {things} does {name} have now?",
            1 => $"There are {each} {things} in each of {boxes} boxes. {name} takes {lost} of them and puts in {found}. How many {things} are there now?",
            _ => $"A shop gets {boxes} boxes of {each} {things}. It sells {lost} {things} and then gets {found} more. How many {things} are in the shop?",
        };

        var forward = new Work(StepByStep);
        var first = forward.Gives(forward.Add(forward.Subtract(forward.Multiply(boxes, each), lost), found));
        var net = new Work(Regrouped);
        var second = found > lost
            ? net.Gives(AddTo(net, boxes, each, net.Subtract(found, lost)))
            : net.Gives(TakeFrom(net, boxes, each, net.Subtract(lost, found)));
        return new Draft(text, full - lost + found, [boxes, each, lost, found], first, second);
    }

    private static int AddTo(Work work, int boxes, int each, int change) => work.Add(work.Multiply(boxes, each), change);

    private static int TakeFrom(Work work, int boxes, int each, int change) => work.Subtract(work.Multiply(boxes, each), change);
}
