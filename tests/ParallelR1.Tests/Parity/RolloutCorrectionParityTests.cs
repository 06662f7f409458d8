using System.Globalization;
using System.Text.Json.Nodes;
using ParallelR1.Training.Policy;

namespace ParallelR1.Tests.Parity;

/// <summary>Importance weights, rejection and mismatch of rollout and trainer against verl.</summary>
public sealed class RolloutCorrectionParityTests
{
    [Fact]
    public void Weights_kept_tokens_and_metrics_equal_the_reference() => RlParityTests.ForEach("rollout_correction", c =>
    {
        var correction = Correct(c);
        c.Compare("kept_response_mask", c.Picked("kept_response_mask"), Array.ConvertAll(correction.Kept, k => k ? 1.0 : 0));
        if (c.Has("rollout_is_weights"))
            c.Compare("rollout_is_weights", c.Picked("rollout_is_weights"), correction.Weights);
        if (correction.Summary is { } summary)
            CompareSummary(c, summary);
        if (c.Hyper["rollout_rs"] is not null)
            c.CompareShare("rollout_rs_masked_fraction", correction.Kept.Average(k => k ? 0.0 : 1));

        var mismatch = RolloutMismatch.Measure(c.Picked("old_log_prob"), c.Picked("rollout_log_prob"), c.LossTokens);
        c.CompareScalar("kl", mismatch.Kl);
        c.CompareScalar("k3_kl", mismatch.K3Kl);
        c.CompareScalar("training_ppl", mismatch.TrainerPerplexity);
        c.CompareScalar("training_log_ppl", mismatch.TrainerLogPerplexity);
        c.CompareScalar("rollout_ppl", mismatch.RolloutPerplexity);
        c.CompareScalar("rollout_log_ppl", mismatch.RolloutLogPerplexity);
        c.CompareScalar("log_ppl_diff", mismatch.TrainerLogPerplexity - mismatch.RolloutLogPerplexity);
        c.CompareScalar("log_ppl_abs_diff", mismatch.LogPerplexityGap);
        c.CompareScalar("ppl_ratio", mismatch.PerplexityRatio);
        c.CompareScalar("chi2_token", mismatch.ChiSquareToken);
        c.CompareScalar("chi2_seq", mismatch.ChiSquareSequence);
    });

    internal static RolloutCorrection Correct(RlCase c)
    {
        var (floor, cap) = Limits(c.Hyper["rollout_is_threshold"]);
        var options = new RolloutCorrectionOptions
        {
            Level = c.Hyper["rollout_is"]?.GetValue<string>() switch
            {
                "token" => ImportanceLevel.Token,
                "sequence" => ImportanceLevel.Sequence,
                _ => null,
            },
            Cap = cap,
            Floor = floor,
            BatchNormalize = c.Hyper["batch_normalize"]?.GetValue<bool>() ?? false,
            Reject = [.. Rules(c)],
        };
        return RolloutCorrection.Compute(c.Picked("old_log_prob"), c.Picked("rollout_log_prob"), c.LossTokens, options);
    }

    private static void CompareSummary(RlCase c, WeightSummary summary)
    {
        c.CompareScalar("rollout_is_mean", summary.Mean);
        c.CompareScalar("rollout_is_max", summary.Max);
        c.CompareScalar("rollout_is_min", summary.Min);
        c.CompareScalar("rollout_is_std", summary.Deviation);
        c.CompareScalar("rollout_is_eff_sample_size", summary.EffectiveSampleShare);
        c.CompareShare("rollout_is_oob_ratio", summary.FractionZero);
        c.CompareShare("rollout_is_ratio_fraction_high", summary.FractionHigh);
        c.CompareShare("rollout_is_ratio_fraction_low", summary.FractionLow);
    }

    private static IEnumerable<RejectionRule> Rules(RlCase c)
    {
        if (c.Hyper["rollout_rs"]?.GetValue<string>() is not { } names)
            yield break;
        foreach (var (name, threshold) in names.Split(',').Zip(c.Hyper["rollout_rs_threshold"]!.GetValue<string>().Split(',')))
        {
            var scope = name[..name.LastIndexOf('_')] switch
            {
                "token" => RejectionScope.Token,
                "seq_sum" => RejectionScope.SequenceSum,
                "seq_mean" => RejectionScope.SequenceMean,
                "seq_max" => RejectionScope.SequenceMax,
                var other => throw new InvalidDataException($"no scope '{other}'"),
            };
            var (low, high) = Limits(JsonValue.Create(threshold));
            yield return new RejectionRule { Statistic = Enum.Parse<RejectionStatistic>(name[^2..], ignoreCase: true), Scope = scope, Low = low, High = high };
        }
    }

    /// <summary>A number is a cap; the text "a_b" is a floor and a cap.</summary>
    private static (double? Low, double High) Limits(JsonNode? threshold)
    {
        if (threshold is null)
            return (null, 1);
        var numbers = threshold.ToString().Split('_').Select(x => double.Parse(x, CultureInfo.InvariantCulture)).ToArray();
        return numbers is [var low, var high] ? (low, high) : (null, numbers[0]);
    }
}
