using ParallelR1.Models;
using ParallelR1.Thinking;

namespace ParallelR1.Training;

/// <summary>A trace laid out for scoring: the rows that go through the model, and for each token the row that predicts it.</summary>
/// <param name="Ids">Token ids of prompt and response.</param>
/// <param name="Rows">What goes through the model: the trace, in Seen scoring followed by replays of paths in their own context.</param>
/// <param name="Predictors">For each token the row whose output predicts it; −1 for the first.</param>
public sealed record ScoredTrace(int[] Ids, PackedTrace Rows, int[] Predictors)
{
    /// <summary>Ordinary causal text: what Seen training uses, and models without tags.</summary>
    public static ScoredTrace Plain(int[] ids, int promptLength) => Ordinary(ids, TraceLayout.Causal(ids.Length, promptLength));

    /// <summary>Positions and visibility of the layout.</summary>
    public static ScoredTrace Unseen(int[] ids, int promptLength, TagIds tags) => Ordinary(ids, TraceLayout.Read(ids, promptLength, tags));

    /// <summary>Each token in the context in which a Seen engine decodes it.</summary>
    public static ScoredTrace Seen(int[] ids, int promptLength, TagIds tags)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var plan = SeenPlan.Create(TraceLayout.Read(ids, promptLength, tags));
        return new ScoredTrace(ids, new PackedTrace(plan.Tokens.Select(i => ids[i]).ToArray(), plan.Positions, plan.Runs), [.. plan.Predictors]);
    }

    private static ScoredTrace Ordinary(int[] ids, TraceLayout layout) =>
        new(ids, PackedTrace.Of(ids, layout), [.. Enumerable.Range(-1, ids.Length)]);
}
