using ParallelR1.Models;
using ParallelR1.Thinking;
using ParallelR1.Torch;
using ParallelR1.Training.Optimization;

namespace ParallelR1.Training.Policy;

/// <summary>The step of GRPO: the clipped surrogate over the loss tokens of a mini-batch, aggregated over the mini-batch as a whole.</summary>
/// <param name="decoder">The policy that learns.</param>
/// <param name="options">The loss, and how it is computed.</param>
public sealed class PolicyStep(Decoder decoder, PolicyStepOptions options)
{
    /// <summary>
    /// Makes one optimizer step on a mini-batch. Responses without advantage (those of a group of equal rewards) have no loss and no gradient;
    /// they count in the averages but do not go through the model, so entropy and differences are those of the others.
    /// </summary>
    /// <param name="responses">The mini-batch.</param>
    /// <param name="optimizer">The optimizer of the decoder's trainable parameters.</param>
    /// <param name="learningRate">The learning rate of this step.</param>
    public PolicyStepResult Run(IReadOnlyList<PolicyResponse> responses, AdamW optimizer, double learningRate)
    {
        ArgumentNullException.ThrowIfNull(responses);
        ArgumentNullException.ThrowIfNull(optimizer);
        var weights = LossWeights.PerResponse([.. responses.Select(response => response.LossTokens)], options.Aggregation, options.MaxResponseLength);
        var sums = new Sums();
        int[] taught = [.. Enumerable.Range(0, responses.Count).Where(i => responses[i].Teaches || options.EntropyCoefficient != 0 || options.KlCoefficient != 0)];
        foreach (var piece in Pieces([.. taught.Select(i => responses[i])]))
        {
            Backward([.. piece.Select(i => responses[taught[i]])], [.. piece.Select(i => weights[taught[i]])], sums);
            optimizer.Accumulate();
        }

        return sums.Result(responses.Sum(response => response.LossTokens), optimizer.Step(learningRate));
    }

    /// <summary>Computes the log-probabilities of all response tokens under the current policy, without gradients.</summary>
    /// <param name="responses">The responses.</param>
    /// <returns>For each response <c>[response tokens]</c>.</returns>
    public float[][] LogProbs(IReadOnlyList<PolicyResponse> responses)
    {
        ArgumentNullException.ThrowIfNull(responses);
        using var mode = GradMode.Off();
        var results = new float[responses.Count][];
        foreach (var piece in Pieces(responses))
        {
            using var scope = new TensorScope();
            PolicyResponse[] chosen = [.. piece.Select(i => responses[i])];
            var pack = Pack(chosen);
            using var batch = new PackedBatch(pack, decoder.Device);
            var tokens = new PolicyTokens(chosen, pack, all: true);
            var scored = VocabularyHead.LogProbs(decoder, decoder.Hidden(batch), tokens.Rows, tokens.Targets, banned: tokens.Banned);
            var start = 0;
            foreach (var i in piece)
            {
                results[i] = scored[start..(start + responses[i].CarriesLoss.Length)];
                start += results[i].Length;
            }
        }

        return results;
    }

    private TracePack Pack(PolicyResponse[] responses) => new([.. responses.Select(response => response.Trace)], options.SharePrompts);

    private IEnumerable<IReadOnlyList<int>> Pieces(IReadOnlyList<PolicyResponse> responses) =>
        MicroBatches.Split(responses.Count, (i, previous) => previous is { } p && options.SharePrompts ? responses[i].Trace.RowsBehind(responses[p].Trace) : responses[i].Trace.Length, options.MicroBatchTokens);

    private void Backward(PolicyResponse[] responses, double[] responseWeights, Sums sums)
    {
        using var scope = new TensorScope();
        var pack = Pack(responses);
        var tokens = new PolicyTokens(responses, pack, all: false);
        if (tokens.Rows.Length == 0)
            return;
        using var batch = new PackedBatch(pack, decoder.Device);
        using var pass = decoder.Forward(batch, options.Recompute);
        // A ratio of whole responses is needed before the first of their tokens has its loss.
        var ratios = options.Loss.Objective == PolicyObjective.Gspo
            ? tokens.MeanLogRatios(VocabularyHead.LogProbs(decoder, pass.Hidden, tokens.Rows, tokens.Targets, banned: tokens.Banned))
            : null;
        sums.Loss += VocabularyHead.Backward(decoder, pass, tokens.Rows, tokens.Targets, (logProbs, entropy, start, count) =>
        {
            var old = Column(tokens.OldLogProbs);
            var advantages = Column(tokens.Advantages);
            var weight = Column(tokens.Weights(responseWeights));
            var sequence = ratios is null ? null : Column(ratios);
            var losses = sequence is null
                ? PolicyLoss.TokenLosses(logProbs, old, advantages, options.Loss)
                : SequencePolicyLoss.Gspo(logProbs, sequence, advantages, options.Loss);
            var clips = sequence is null
                ? PolicyLoss.ClipCounts(logProbs.Detach(), old, advantages, options.Loss)
                : (SequencePolicyLoss.GspoClipCount(logProbs.Detach(), sequence, advantages, options.Loss), 0);
            sums.Add(logProbs.Detach().ToArray<float>(), tokens.OldLogProbs.AsSpan(start, count), entropy!.Detach().Sum().Item(), clips);
            if (options.EntropyCoefficient != 0)
                losses -= entropy * options.EntropyCoefficient;
            if (options.KlCoefficient != 0)
            {
                var kl = KlPenalty.PerToken(logProbs, Column(tokens.ReferenceLogProbs), options.KlEstimator);
                sums.Kl += kl.Detach().Sum().Item();
                losses += kl * options.KlCoefficient;
            }

            return (losses * weight).Sum();

            Tensor Column(float[] values) => Tensor.From(values.AsSpan(start, count).ToArray(), count).To(decoder.Device);
        }, options.EntropyCoefficient == 0 ? EntropyUse.Watched : EntropyUse.Differentiated, tokens.Banned);
    }

    /// <summary>What is added up over micro-batches.</summary>
    private sealed class Sums
    {
        private int _tokens;
        private int _clipped;
        private int _clippedLower;
        private double _entropy;
        private double _difference;
        private double _largest;

        public double Loss { get; set; }

        public double Kl { get; set; }

        public void Add(ReadOnlySpan<float> logProbs, ReadOnlySpan<float> old, double entropy, (int Clipped, int Lower) clips)
        {
            _tokens += logProbs.Length;
            _entropy += entropy;
            _clipped += clips.Clipped;
            _clippedLower += clips.Lower;
            for (var i = 0; i < logProbs.Length; i++)
            {
                var difference = Math.Abs(logProbs[i] - old[i]);
                _difference += difference;
                _largest = Math.Max(_largest, difference);
            }
        }

        public PolicyStepResult Result(int lossTokens, GradientStep gradient)
        {
            double scored = Math.Max(1, _tokens), all = Math.Max(1, lossTokens);
            return new PolicyStepResult(
                Loss, lossTokens, _clipped / all, _clippedLower / all, _tokens, Kl / scored, _entropy / scored, _difference / scored, _largest, gradient);
        }
    }
}

/// <summary>The loss of a policy step, and how it is computed.</summary>
public sealed record PolicyStepOptions
{
    /// <summary>The loss of a token and the limits of its ratio.</summary>
    public PolicyLossOptions Loss { get; init; } = new();

    /// <summary>How token losses become one number.</summary>
    public LossAggregation Aggregation { get; init; } = LossAggregation.TokenMean;

    /// <summary>Divisor of <see cref="LossAggregation.SeqMeanTokenSumNorm"/>.</summary>
    [Bounds(1, int.MaxValue)]
    public int MaxResponseLength { get; init => field = Options.Checked(this, value); } = 3000;

    /// <summary>Weight of the entropy bonus.</summary>
    [Bounds(0)]
    public double EntropyCoefficient { get; init => field = Options.Checked(this, value); }

    /// <summary>Weight of the divergence from the reference policy.</summary>
    [Bounds(0)]
    public double KlCoefficient { get; init => field = Options.Checked(this, value); }

    /// <summary>How that divergence is estimated.</summary>
    public KlEstimator KlEstimator { get; init; } = KlEstimator.K3;

    /// <summary>Tokens computed at once; the result does not depend on it, memory does.</summary>
    [Bounds(1, 1 << 28)]
    public int MicroBatchTokens { get; init => field = Options.Checked(this, value); } = 8192;

    /// <summary>Compute a prompt once for all its responses of a micro-batch.</summary>
    public bool SharePrompts { get; init; }

    /// <summary>Compute each layer again for its gradient, to save memory.</summary>
    public bool Recompute { get; init; }
}

/// <summary>What a policy step saw, before its update.</summary>
/// <param name="Loss">The aggregated loss.</param>
/// <param name="Tokens">Tokens that carry loss.</param>
/// <param name="ClipFraction">Share of them whose clipped term is the larger.</param>
/// <param name="ClipFractionLower">Share of them on which the dual clip acts.</param>
/// <param name="Scored">Tokens that went through the model: those of responses with an advantage. The figures below are about them; 0 if there are none.</param>
/// <param name="Kl">Mean divergence from the reference policy, in nats; 0 where the loss has none.</param>
/// <param name="Entropy">Mean entropy of the distributions they were drawn from, in nats.</param>
/// <param name="LogProbDifference">Mean |log p − log p_old|.</param>
/// <param name="LogProbDifferenceMax">The largest.</param>
/// <param name="Gradient">What the optimizer saw.</param>
public sealed record PolicyStepResult(
    double Loss,
    int Tokens,
    double ClipFraction,
    double ClipFractionLower,
    int Scored,
    double Kl,
    double Entropy,
    double LogProbDifference,
    double LogProbDifferenceMax,
    GradientStep Gradient);
