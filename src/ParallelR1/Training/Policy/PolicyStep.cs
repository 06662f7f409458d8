using ParallelR1.Models;
using ParallelR1.Thinking;
using ParallelR1.Torch;
using ParallelR1.Training.Optimization;

namespace ParallelR1.Training.Policy;

/// <summary>Makes optimizer steps of GRPO: the policy loss over the loss tokens of a mini-batch, aggregated over the whole mini-batch.</summary>
/// <param name="decoder">The policy being trained.</param>
/// <param name="options">The loss and how it is computed.</param>
public sealed class PolicyStep(Decoder decoder, PolicyStepOptions options)
{
    /// <summary>
    /// Makes one optimizer step on a mini-batch. Responses whose advantages are all 0 (those of a group of equal rewards) have no loss and no
    /// gradient. They count in the denominators of loss and clip fractions, but are not computed unless the loss has an entropy or KL term, so
    /// entropy and differences of log-probabilities are those of the other responses.
    /// </summary>
    /// <param name="responses">The mini-batch.</param>
    /// <param name="optimizer">The optimizer of the decoder's trainable parameters.</param>
    /// <param name="learningRate">The learning rate of this step.</param>
    /// <returns>Loss and statistics before the update.</returns>
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
    /// <returns>For each response its log-probabilities [response tokens].</returns>
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
        // Ratios of whole responses must be known before the loss of any of their tokens.
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

    /// <summary>Sums over micro-batches.</summary>
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

/// <summary>Options of a policy step: the loss and how it is computed.</summary>
public sealed record PolicyStepOptions
{
    /// <summary>The loss of a token and the limits of its probability ratio.</summary>
    public PolicyLossOptions Loss { get; init; } = new();

    /// <summary>The rule that aggregates token losses, <see cref="LossAggregation.TokenMean"/> by default.</summary>
    public LossAggregation Aggregation { get; init; } = LossAggregation.TokenMean;

    /// <summary>Divisor of <see cref="LossAggregation.SeqMeanTokenSumNorm"/>, 3000 by default.</summary>
    [Bounds(1, int.MaxValue)]
    public int MaxResponseLength { get; init => field = Options.Checked(this, value); } = 3000;

    /// <summary>Weight of the entropy bonus, 0 by default.</summary>
    [Bounds(0)]
    public double EntropyCoefficient { get; init => field = Options.Checked(this, value); }

    /// <summary>Weight of the KL divergence from the reference policy, 0 by default.</summary>
    [Bounds(0)]
    public double KlCoefficient { get; init => field = Options.Checked(this, value); }

    /// <summary>Estimator of that divergence, <see cref="KlEstimator.K3"/> by default.</summary>
    public KlEstimator KlEstimator { get; init; } = KlEstimator.K3;

    /// <summary>Number of tokens of a micro-batch, 8192 by default; it affects memory, not the result.</summary>
    [Bounds(1, 1 << 28)]
    public int MicroBatchTokens { get; init => field = Options.Checked(this, value); } = 8192;

    /// <summary>Whether a prompt is computed once for all its responses of a micro-batch.</summary>
    public bool SharePrompts { get; init; }

    /// <summary>Whether the activations of each layer are recomputed in the backward pass, to save memory.</summary>
    public bool Recompute { get; init; }
}

/// <summary>Loss and statistics of a policy step, before its update.</summary>
/// <param name="Loss">The aggregated loss.</param>
/// <param name="Tokens">Number of tokens that carry loss.</param>
/// <param name="ClipFraction">Share of the loss tokens whose loss is changed by the clip.</param>
/// <param name="ClipFractionLower">Share of the loss tokens whose loss is changed by the dual clip.</param>
/// <param name="Scored">Number of loss tokens that were computed, those of responses with an advantage. The statistics below are over them; 0 if there are none.</param>
/// <param name="Kl">Mean KL divergence from the reference policy, in nats; 0 if the loss has no KL term.</param>
/// <param name="Entropy">Mean entropy of the distributions that the tokens were sampled from, in nats.</param>
/// <param name="LogProbDifference">Mean of |log p − log p_old|.</param>
/// <param name="LogProbDifferenceMax">Maximum of |log p − log p_old|.</param>
/// <param name="Gradient">Gradient statistics of the optimizer step.</param>
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
