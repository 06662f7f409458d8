using System.Text.Json.Nodes;
using ParallelR1.Data;
using ParallelR1.Evaluation;
using ParallelR1.Generation;
using ParallelR1.Grading;
using ParallelR1.Rewards;
using ParallelR1.Thinking;
using ParallelR1.Training.Policy;

namespace ParallelR1.Training;

/// <summary>A graded response that was sampled for training.</summary>
/// <param name="Problem">The problem.</param>
/// <param name="Group">Index of the prompt within the step.</param>
/// <param name="Result">The result of the engine.</param>
/// <param name="Text">The response with tags, without end-of-text.</param>
/// <param name="Reward">The reward.</param>
/// <param name="Layout">The structure of prompt and response.</param>
/// <param name="Opinion">The verdict of the semantic grader, independent of the reward's grader; for the log only.</param>
/// <param name="Figures">Statistics of the answers of paths and summaries; for the log only.</param>
internal sealed record Rollout(Problem Problem, int Group, GenerationResult Result, string Text, RewardResult Reward, TraceLayout Layout, Verdict Opinion, BlockFigures Figures)
{
    /// <summary>Gets the token ids of prompt and response.</summary>
    public int[] Ids => [.. Result.Prompt, .. Result.Ids];
}

/// <summary>Computes the metrics of an RL step.</summary>
internal static class RolloutMetrics
{
    public static PolicyMetrics Of(IReadOnlyList<Rollout> rollouts, IReadOnlyList<PolicyStepResult> updates)
    {
        var mean = rollouts.Average(r => r.Reward.Score);
        double tokens = Math.Max(1, updates.Sum(u => (long)u.Tokens));
        return new PolicyMetrics(Counts(rollouts))
        {
            Reward = mean,
            RewardDeviation = Math.Sqrt(rollouts.Average(r => (r.Reward.Score - mean) * (r.Reward.Score - mean))),
            Accuracy = Share(r => r.Reward.Correct),
            UndecidedRatio = Share(r => r.Opinion == Verdict.Undecided),
            GraderDisagreement = Share(r => r.Reward.Correct != (r.Opinion == Verdict.Correct)),
            ResponseTokens = rollouts.Average(r => r.Result.Ids.Length),
            ResponseTokensMax = rollouts.Max(r => r.Result.Ids.Length),
            BannedMass = BannedMass(rollouts),
            GroupsWithoutSpread = rollouts.GroupBy(r => r.Group).Count(g => g.Select(r => r.Reward.Score).Distinct().Count() == 1),
            Loss = updates.Average(u => u.Loss),
            LossTokens = updates.Sum(u => u.Tokens),
            ScoredTokens = updates.Sum(u => u.Scored),
            Entropy = Mean(updates, u => u.Entropy),
            ClipFraction = updates.Sum(u => u.ClipFraction * u.Tokens) / tokens,
            ClipFractionLower = updates.Sum(u => u.ClipFractionLower * u.Tokens) / tokens,
            GradNorm = updates.Average(u => u.Gradient.GradNorm),
            Skipped = updates.Count(u => u.Gradient.Skipped),
            // Measured before the first update of the step, so this is the difference of trainer and rollout alone.
            LogProbDifference = updates[0].Scored > 0 ? updates[0].LogProbDifference : null,
            LogProbDifferenceMax = updates[0].Scored > 0 ? updates[0].LogProbDifferenceMax : null,
        };

        double Share(Func<Rollout, bool> holds) => rollouts.Count(holds) / (double)rollouts.Count;
    }

    private static ResponseCounts Counts(IReadOnlyList<Rollout> rollouts)
    {
        var positions = rollouts.SelectMany(r => r.Layout.Blocks.Select(r.Layout.RelativeStart)).ToArray();
        return new ResponseCounts(
            rollouts.Count,
            rollouts.Count(r => r.Layout.Blocks.Count > 0),
            rollouts.Count(r => r.Layout.Blocks.Count > 0 && r.Reward.WellFormed),
            rollouts.Count(r => r.Result.Finish == FinishReason.Length),
            positions.Length,
            positions.Length > 0 ? positions.Average() : null,
            rollouts.Aggregate(default(BlockFigures), (sum, r) => sum + r.Figures),
            rollouts.Sum(r => (long)r.Result.Ids.Length),
            rollouts.Sum(r => (long)r.Layout.CriticalPathLength));
    }

    /// <summary>Computes the mean probability of the banned tokens in the full softmax, over sampled tokens.</summary>
    private static double BannedMass(IReadOnlyList<Rollout> rollouts) => rollouts
        .SelectMany(r => Enumerable.Range(0, r.Result.Ids.Length).Where(i => r.Result.Sampled[i]).Select(i => 1 - Math.Exp(r.Result.LogProbs[i] - r.Result.AllowedLogProbs[i])))
        .DefaultIfEmpty().Average();

    /// <summary>Computes the mean of a statistic over the scored tokens; null if there are none, because no response had an advantage.</summary>
    public static double? Mean(IReadOnlyList<PolicyStepResult> updates, Func<PolicyStepResult, double> figure)
    {
        double scored = updates.Sum(u => (long)u.Scored);
        return scored > 0 ? updates.Sum(u => figure(u) * u.Scored) / scored : null;
    }

    /// <summary>Converts a response to a line of <c>rollouts/step-N.jsonl</c>.</summary>
    public static JsonObject Line(Rollout rollout, double advantage)
    {
        var line = Fields(rollout, advantage);
        if (rollout.Problem.Earlier.Count > 0)
            line.Insert(line.IndexOf("problem"), "earlier", ChatRows.ToJson(rollout.Problem.Earlier));
        return line;
    }

    private static JsonObject Fields(Rollout rollout, double advantage) => new()
    {
        ["id"] = rollout.Problem.Id,
        ["group"] = rollout.Group,
        ["problem"] = rollout.Problem.Text,
        ["answer"] = rollout.Problem.Answer,
        ["response"] = rollout.Text,
        ["reward"] = rollout.Reward.Score,
        ["advantage"] = advantage,
        ["verdict"] = rollout.Reward.Correct ? "correct" : "wrong",
        ["extracted"] = rollout.Reward.Prediction,
        ["blocks"] = rollout.Layout.Blocks.Count,
        ["well_formed"] = rollout.Reward.WellFormed,
        ["tokens"] = rollout.Result.Ids.Length,
        ["tokens_critical_path"] = rollout.Layout.CriticalPathLength,
        ["finish"] = rollout.Result.Finish == FinishReason.Eos ? "eos" : "length",
    };
}
