namespace ParallelR1.Data.Synthetic.Kinds;

/// <summary>Many gains and losses among irrelevant numbers: in order, or gains and losses separately.</summary>
internal sealed class LongStory : ProblemKind
{
    public override string Name => "long-story";

    public override SyntheticDifficulty Difficulty => SyntheticDifficulty.Hard;

    private const int Changes = 5;

    public override Draft? Draw(Draws draws)
    {
        int start = draws.Between(20, 60), gains = draws.Between(2, 3);
        var changes = new int[Changes];
        for (var i = 0; i < Changes; i++)
            changes[i] = draws.Between(3, 25);
        var order = new bool[Changes];
        for (int i = 0, left = gains; i < Changes; i++)
        {
            order[i] = draws.Between(1, Changes - i) <= left;
            if (order[i])
                left--;
        }

        for (int i = 0, now = start; i < Changes; i++)
        {
            now += order[i] ? changes[i] : -changes[i];
            if (now < 0)
                return null;
        }

        var name = draws.Pick(Words.Names);
        var things = draws.Pick(Words.Things);
        var trap = draws.Between(0, Changes - 1);
        var text = $"{name} has {start} {things}.";
        for (var i = 0; i < Changes; i++)
        {
            if (i == trap)
                text += $" {Words.Distraction(draws, name)}";
            text += string.Format(draws.Pick(order[i] ? Gains : Losses), name, changes[i]);
        }

        text += $" How many {things} does {name} have at the end?";
        int gained = changes.Where((_, i) => order[i]).Sum(), lost = changes.Where((_, i) => !order[i]).Sum();
        return new Draft(text, start + gained - lost, [start, .. changes.Select((x, i) => order[i] ? x : -x)],
            InOrder(start, changes, order), Apart(start, changes, order));
    }

    private static readonly string[] Gains = [" {0} finds {1}.", " {0} gets {1}.", " {0} buys {1}."];

    private static readonly string[] Losses = [" {0} loses {1}.", " {0} sells {1}.", " {0} gives away {1}."];

    private static SyntheticRoute InOrder(int start, int[] changes, bool[] gain)
    {
        var work = new Work(StepByStep);
        var now = start;
        for (var i = 0; i < Changes; i++)
            now = gain[i] ? work.Add(now, changes[i]) : work.Subtract(now, changes[i]);
        return work.Gives(now);
    }

    private static SyntheticRoute Apart(int start, int[] changes, bool[] gain)
    {
        var work = new Work(Regrouped);
        var gained = Enumerable.Range(0, Changes).Where(i => gain[i]).Select(i => changes[i]).Aggregate(start, work.Add);
        var lost = Enumerable.Range(0, Changes).Where(i => !gain[i]).Select(i => changes[i]).Aggregate(work.Add);
        return work.Gives(work.Subtract(gained, lost));
    }
}
