using System.Text.Json.Nodes;
using ParallelR1.Training.Policy;

namespace ParallelR1.Tests.Parity;

/// <summary>Advantages, statistics and the shaping and sampling of DAPO against reference values.</summary>
public sealed class AdvantageParityTests
{
    [Fact]
    public void Advantages_equal_the_reference() => RlParityTests.ForEach("advantage", c =>
    {
        if (Compute(c) is { } advantages)
            c.Compare("advantages", c.Picked("advantages"), advantages);
    });

    [Fact]
    public void Statistics_over_loss_tokens_equal_the_reference() => RlParityTests.ForEach("masked_statistics", c =>
    {
        var values = c.Picked("values");
        var statistics = TokenStatistics.Of(values);
        c.CompareScalar("mean", statistics.Mean);
        c.CompareScalar("sum", statistics.Sum);
        c.CompareScalar("variance", statistics.Variance);
        c.Compare("row_mean", c.Doubles("row_mean"), [.. TokenAdvantages.Responses(c.LossTokens).Select(r => TokenStatistics.Of(values.AsSpan(r.Start, r.Count)).Mean)]);
    });

    [Fact]
    public void Overlong_shaping_equals_the_reference()
    {
        foreach (var json in Lines("overlong.jsonl"))
        {
            var shaping = new OverlongShaping(Int(json, "max_response_length"), Int(json, "buffer_length"), json["penalty_factor"]!.GetValue<double>());
            var penalty = shaping.Penalty(Int(json, "response_length"));
            var expected = json["expected"]!;
            var id = json["id"]!.GetValue<string>();
            Assert.True(Math.Abs(penalty - expected["penalty"]!.GetValue<double>()) <= 1e-9, $"{id}: penalty {penalty}");
            Assert.True(Math.Abs(penalty + json["score"]!.GetValue<double>() - expected["reward"]!.GetValue<double>()) <= 1e-9, $"{id}: reward");
            Assert.True(penalty < 0 == expected["is_overlong"]!.GetValue<bool>(), $"{id}: is_overlong");
        }
    }

    [Fact]
    public void Dynamic_sampling_equals_the_reference()
    {
        var failures = new CaseFailures();
        foreach (var json in Lines("dynamic_sampling.jsonl"))
        {
            failures.Case = json["id"]!.GetValue<string>();
            var sampling = new DynamicSampling(Int(json, "prompts_wanted"), Int(json, "samples_per_prompt"), Int(json, "max_rounds"));
            var outcome = SamplingOutcome.NeedsMore;
            var kept = new List<string>();
            foreach (var round in json["rounds"]!.AsArray().TakeWhile(_ => outcome == SamplingOutcome.NeedsMore))
            {
                var trajectories = round!.AsArray();
                (var groups, outcome) = sampling.Add(
                    [.. trajectories.Select(t => Int(t!, "group"))], [.. trajectories.Select(t => t!["metric"]!.GetValue<double>())]);
                kept.Add(string.Join(',', groups));
            }

            var expected = json["expected"]!;
            var name = outcome switch
            {
                SamplingOutcome.Ok => "ok",
                SamplingOutcome.BudgetExhausted => "budget_exhausted",
                _ => "not_enough_rounds_given",
            };
            failures.Compare("outcome", expected["outcome"]!.GetValue<string>(), name);
            failures.Compare("rounds", [Int(expected, "rounds_used")], [sampling.Rounds]);
            failures.Compare("kept", expected["kept_groups_by_round"]!.AsArray().Select(g => string.Join(',', g!.AsArray())), kept);
            if (expected["batch"] is JsonArray batch)
                failures.Compare("batch", batch.Select(p => (p![0]!.GetValue<int>(), p[1]!.GetValue<int>())), sampling.Batch());
        }

        failures.Assert();
    }

    private static double[]? Compute(RlCase c)
    {
        switch (c.Algorithm)
        {
            case "grpo":
                return ByRow(c, AdvantageScale.Grpo);
            case "dr-grpo":
                return ByRow(c, AdvantageScale.DrGrpo);
            case "rloo":
                return ByRow(c, AdvantageScale.Rloo);
            case "papo-batch-std":
                return ByRow(c, AdvantageScale.BatchStd);
            case "grpo-passk" when c.Hyper["norm_adv_by_std"]!.GetValue<bool>():
                return ByRow(c, AdvantageScale.PassK);
            case "opo":
                return ByRow(c, AdvantageScale.OptimalBaseline);
            // Estimators that the library does not have: they need a critic or a greedy rollout, whiten over the batch, or leave out the scale.
            case "grpo-passk" or "reinforce-plus-plus-baseline" or "reinforce-plus-plus" or "reinforce-plus-plus-reset" or "remax" or "gae":
                return null;
            default:
                throw new InvalidDataException($"{c.Name}: no algorithm '{c.Algorithm}'");
        }
    }

    private static double[] ByRow(RlCase c, AdvantageScale scale) =>
        TokenAdvantages.Broadcast(GroupAdvantages.Compute(c.Doubles("rewards"), c.Groups, scale, c.LossTokens), c.LossTokens);

    private static int Int(JsonNode json, string key) => json[key]!.GetValue<int>();

    private static IEnumerable<JsonNode> Lines(string file) =>
        File.ReadLines(Path.Combine(Fixtures.Folder("rl"), file)).Where(line => line.Length > 0).Select(line => JsonNode.Parse(line)!);
}
