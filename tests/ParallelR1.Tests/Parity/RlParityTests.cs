using ParallelR1.Torch;
using ParallelR1.Training.Optimization;
using ParallelR1.Training.Policy;

namespace ParallelR1.Tests.Parity;

/// <summary>Losses, divergences, entropies and whole steps against verl, in both precisions.</summary>
public sealed class RlParityTests
{
    [Fact]
    public void Policy_losses_equal_the_reference_in_value_gradient_and_metrics() => ForEach("policy_loss", PolicyLossCase);

    [Fact]
    public void Aggregations_equal_the_reference() => ForEach("aggregation", AggregationCase);

    [Fact]
    public void Divergences_equal_the_reference() => ForEach("kl", c =>
    {
        var logProb = c.Leaf("log_prob");
        var kl = KlPenalty.PerToken(c.AtPlaces(logProb), c.PickedTensor("ref_log_prob"), Kl(c.Algorithm));
        var loss = (kl * c.Weights()).Sum();
        loss.Backward();
        c.Compare("kl", c.Picked("kl"), kl);
        c.Compare("grad_log_prob", c.Doubles("grad_log_prob"), logProb.Grad!);
        c.CompareScalar("loss", loss.Detach().Item());
    });

    [Fact]
    public void Entropies_and_log_probabilities_equal_the_reference() => ForEach("entropy", c =>
    {
        var logits = c.Leaf("logits");
        var (logProb, entropy) = TokenScores.Of(logits / c.Number("temperature"), c.Flat("labels"));
        c.Compare("log_prob", c.Doubles("log_prob"), logProb);
        c.Compare("entropy", c.Doubles("entropy"), entropy);

        var mean = (c.AtPlaces(entropy) * c.Weights()).Sum();
        mean.Backward();
        c.CompareScalar("mean_entropy", mean.Detach().Item());
        c.Compare("grad_logits_of_mean_entropy", c.Doubles("grad_logits_of_mean_entropy"), logits.Grad!);

        logits.Grad = null;
        var sum = c.AtPlaces(TokenScores.Of(logits / c.Number("temperature"), c.Flat("labels")).LogProb).Sum();
        sum.Backward();
        c.CompareScalar("masked_log_prob_sum", sum.Detach().Item());
        c.Compare("grad_logits_of_masked_log_prob_sum", c.Doubles("grad_logits_of_masked_log_prob_sum"), logits.Grad!);
    });

    [Fact]
    public void The_whole_loss_equals_the_reference() => ForEach("total_loss", c =>
    {
        var logits = c.Leaf("logits");
        var (logProb, entropy) = TokenScores.Of(c.AtPlaces(logits), c.PickedTensor("labels"));
        var weights = c.Weights();
        var policy = (PolicyLoss.TokenLosses(logProb, c.PickedTensor("old_log_prob"), c.PickedTensor("advantages"), Options(c)) * weights).Sum();
        var meanEntropy = (entropy * weights).Sum();
        var kl = (KlPenalty.PerToken(logProb, c.PickedTensor("ref_log_prob"), KlEstimator.K3) * weights).Sum();
        var loss = policy - meanEntropy * c.Number("entropy_coef") + kl * c.Number("kl_coef");
        loss.Backward();
        c.CompareScalar("loss", loss.Detach().Item());
        c.CompareScalar("policy_loss", policy.Detach().Item());
        c.CompareScalar("mean_entropy", meanEntropy.Detach().Item());
        c.CompareScalar("mean_kl", kl.Detach().Item());
        c.Compare("grad_logits", c.Doubles("grad_logits"), logits.Grad!);
    });

    [Fact]
    public void Whole_steps_equal_the_reference_whatever_the_micro_batches() => ForEach("whole_step", c =>
    {
        int[][] splits = [[.. c.Hyper["micro_batch_sizes"]!.AsArray().Select(n => n!.GetValue<int>())], [c.Rows], [.. Enumerable.Repeat(1, c.Rows)]];
        foreach (var split in splits)
            WholeStep(c, "global_token_mean", split, LossWeights.PerResponse(c.LossTokens, LossAggregation.TokenMean, c.Width));
        WholeStep(c, "upstream_micro_mean", splits[0], MicroMeans(c, splits[0]));
    });

    internal static void ForEach(string kind, Action<RlCase> test)
    {
        var (failures, count) = (new List<string>(), 0);
        foreach (var c in RlCase.All(kind))
        {
            using (c)
                test(c);
            failures.AddRange(c.Failures);
            count++;
        }

        Assert.True(failures.Count == 0, $"{failures.Count} differences in {count} cases of {kind}, the first:\n{string.Join('\n', failures.Take(12))}");
        Assert.NotEqual(0, count);
    }

    private static void PolicyLossCase(RlCase c)
    {
        var leaf = c.Leaf("log_prob");
        var (logProb, old, advantages) = (c.AtPlaces(leaf), c.PickedTensor("old_log_prob"), c.PickedTensor("advantages"));
        var options = Options(c);
        // The library has no GMPO.
        if (c.Algorithm == "geo-mean")
            return;
        Tensor losses;
        (int Clipped, int Lower) counts;
        var difference = logProb.Detach() - old;
        switch (c.Algorithm)
        {
            case "gspo":
                var ratios = MeanLogRatios(c, logProb, old);
                losses = SequencePolicyLoss.Gspo(logProb, ratios, advantages, options);
                counts = (SequencePolicyLoss.GspoClipCount(logProb, ratios, advantages, options), 0);
                break;
            default:
                losses = PolicyLoss.TokenLosses(logProb, old, advantages, options);
                counts = PolicyLoss.ClipCounts(logProb, old, advantages, options);
                difference = options.Objective == PolicyObjective.PolicyGradient
                    ? difference * 0
                    : difference.Clamp(-options.LogRatioClamp, options.LogRatioClamp);
                break;
        }

        if (c.Has("rollout_log_prob"))
            losses *= c.OwnType(RolloutCorrectionParityTests.Correct(c).Weights);
        var loss = (losses * c.Weights()).Sum();
        loss.Backward();
        c.CompareScalar("loss", loss.Detach().Item());
        c.Compare("grad_log_prob", c.Doubles("grad_log_prob"), leaf.Grad!);
        c.CompareScalar("pg_clipfrac", counts.Clipped / (double)c.Places.Length);
        c.CompareScalar("pg_clipfrac_lower", counts.Lower / (double)c.Places.Length);
        c.CompareScalar("ppo_kl", -difference.Mean().Item());
    }

    /// <summary>For each token its row's mean of log p − log p_old.</summary>
    private static Tensor MeanLogRatios(RlCase c, Tensor logProb, Tensor old)
    {
        var differences = RlCase.Values(logProb.Detach() - old);
        return c.OwnType(TokenAdvantages.Broadcast(
            [.. TokenAdvantages.Responses(c.LossTokens).Select(row => row.Count == 0 ? 0 : differences.AsSpan(row.Start, row.Count).ToArray().Average())], c.LossTokens));
    }

    private static void AggregationCase(RlCase c)
    {
        foreach (var (key, value) in c.Expected)
        {
            var parts = key.Split('/');
            var aggregation = RlCase.AggregationOf(parts[0]);
            var weights = parts switch
            {
                [_, "release"] => RlCase.Values(c.Weights(aggregation, newer: false)),
                [_, "newer"] => RlCase.Values(c.Weights(aggregation, newer: true)),
                [_, "newer", "global"] => Global(c.Width, (long)c.Number("global_tokens"), (long)c.Number("global_sequences")),
                [_, "newer", var divisor] => Global(int.Parse(divisor.Split('-')[1]), null, null),
                _ => throw new InvalidDataException($"{c.Name}: no aggregation '{key}'"),
            };
            var leaf = c.Leaf("loss_mat");
            var loss = (c.AtPlaces(leaf) * c.OwnType(weights)).Sum();
            loss.Backward();
            c.Compare(key, value!.GetValue<double>(), loss.Detach().Item());
            if (parts.Length == 2 && c.Has($"grad.{parts[0]}.{parts[1]}"))
                c.Compare($"grad of {key}", c.Doubles($"grad.{parts[0]}.{parts[1]}"), leaf.Grad!);

            double[] Global(int divisor, long? tokens, long? rows) =>
                TokenAdvantages.Broadcast(LossWeights.PerResponse(c.LossTokens, aggregation, divisor, tokens, rows), c.LossTokens);
        }
    }

    private static void WholeStep(RlCase c, string name, int[] split, double[] weightOfRow)
    {
        var scale = c.Hyper["norm_adv_by_std"]!.GetValue<bool>() ? AdvantageScale.Grpo : AdvantageScale.DrGrpo;
        var advantages = TokenAdvantages.Broadcast(GroupAdvantages.Compute(c.Doubles("rewards"), c.Groups, scale), c.LossTokens);
        c.Compare("advantages", c.Picked("advantages"), advantages);
        var (features, labels, weight) = (c.PickedTensor("features"), c.PickedTensor("labels"), c.Whole("weight"));
        var old = TokenScores.Of(features.Linear(c.Whole("weight_old")), labels).LogProb;
        c.Compare("old_log_prob", c.Picked("old_log_prob"), old);
        weight.RequiresGrad = true;
        using var optimizer = new AdamW([new("weight", weight)], Optimizer(c));
        var (loss, counts, kl) = (0.0, (Clipped: 0, Lower: 0), 0.0);
        var (row, start) = (0, 0);
        var gradient = new double[weight.Count];
        foreach (var size in split)
        {
            var tokens = c.LossTokens.AsSpan(row, size).ToArray().Sum();
            if (tokens > 0)
            {
                var logProb = TokenScores.Of(features.Slice(0, start, start + tokens).Linear(weight), labels.Slice(0, start, start + tokens)).LogProb;
                var (oldPart, advantagePart) = (old.Slice(0, start, start + tokens), c.OwnType(advantages[start..(start + tokens)]));
                var weights = TokenAdvantages.Broadcast(weightOfRow.AsSpan(row, size), c.LossTokens[row..(row + size)]);
                var part = (PolicyLoss.TokenLosses(logProb, oldPart, advantagePart, Options(c)) * c.OwnType(weights)).Sum();
                part.Backward();
                c.Compare($"log_prob from {start}", c.Picked("log_prob")[start..(start + tokens)], logProb);
                gradient = [.. gradient.Zip(RlCase.Values(weight.Grad!), (a, b) => a + b)];
                optimizer.Accumulate();
                var clipped = PolicyLoss.ClipCounts(logProb, oldPart, advantagePart, Options(c));
                counts = (counts.Clipped + clipped.Clipped, counts.Lower + clipped.ClippedLower);
                kl -= (logProb.Detach() - oldPart).Sum().Item();
                loss += part.Detach().Item();
            }

            (row, start) = (row + size, start + tokens);
        }

        var step = optimizer.Step(c.Number("lr"));
        c.CompareScalar($"loss.{name}", loss);
        c.CompareScalar($"grad_norm.{name}", step.GradNorm);
        c.Compare($"grad_weight.{name}", c.Doubles($"grad_weight.{name}"), gradient);
        c.Compare($"weight_after.{name}", c.Doubles($"weight_after.{name}"), weight);
        c.CompareScalar("pg_clipfrac", counts.Clipped / (double)start);
        c.CompareScalar("pg_clipfrac_lower", counts.Lower / (double)start);
        c.CompareScalar("ppo_kl", kl / start);
    }

    /// <summary>What the published trainer does: each micro-batch's own token mean, then the mean over micro-batches.</summary>
    private static double[] MicroMeans(RlCase c, int[] split)
    {
        var (weights, row) = (new double[c.Rows], 0);
        foreach (var size in split)
        {
            ReleasedAggregation.PerRow(c.LossTokens[row..(row + size)], LossAggregation.TokenMean, c.Width).CopyTo(weights, row);
            row += size;
        }

        return Array.ConvertAll(weights, weight => weight / split.Length);
    }

    private static PolicyLossOptions Options(RlCase c) => new()
    {
        Objective = c.Algorithm switch
        {
            "cispo" => PolicyObjective.Cispo,
            "policy-gradient" => PolicyObjective.PolicyGradient,
            "papo-on-policy" => PolicyObjective.OnPolicy,
            _ => PolicyObjective.Ppo,
        },
        ClipLow = c.Hyper["clip_low"]?.GetValue<double>() ?? 0,
        ClipHigh = c.Hyper["clip_high"]?.GetValue<double>() ?? 0,
        DualClip = c.Hyper["dual_clip_c"]?.GetValue<double>(),
        LogRatioClamp = c.Hyper["log_ratio_clamp"]?.GetValue<double>() ?? 20,
    };

    private static OptimizerOptions Optimizer(RlCase c) => new()
    {
        Beta1 = c.Number("beta1"),
        Beta2 = c.Number("beta2"),
        Eps = c.Number("adam_eps"),
        WeightDecay = c.Number("weight_decay"),
        MaxGradNorm = c.Number("max_grad_norm"),
    };

    private static KlEstimator Kl(string name) => name switch
    {
        "k1" => KlEstimator.K1,
        "abs" => KlEstimator.Abs,
        "k2" => KlEstimator.K2,
        "k3" => KlEstimator.K3,
        "k1+" => KlEstimator.K1StraightThrough,
        "k3+" => KlEstimator.K3StraightThrough,
        _ => throw new InvalidDataException($"no estimator '{name}'"),
    };
}
