using ParallelR1.Models;
using ParallelR1.Thinking;
using ParallelR1.Torch;
using ParallelR1.Training.Optimization;

namespace ParallelR1.Training;

/// <summary>
/// Makes optimizer steps of supervised fine-tuning: cross-entropy on the response and its end-of-text under the layout, averaged over all
/// response tokens of the step's batch, whatever the micro-batches. The ordinals of numbered paths are not learned.
/// </summary>
/// <remarks>The published trainer sums the means of micro-batches and so scales the gradient by their number; this one does not.</remarks>
/// <param name="decoder">The model being trained.</param>
/// <param name="tags">The six tags; null if all examples are plain causal.</param>
/// <param name="visibility">Structured (Unseen) or causal (Seen) positions and visibility.</param>
/// <param name="microBatchTokens">Maximum number of tokens of a micro-batch.</param>
/// <param name="recompute">Whether the activations of each layer are recomputed in the backward pass, to save memory.</param>
public sealed class SupervisedStep(Decoder decoder, TagIds? tags, Visibility visibility, int microBatchTokens, bool recompute = false)
{
    /// <summary>Makes one optimizer step.</summary>
    /// <param name="batch">The step's examples.</param>
    /// <param name="optimizer">The optimizer of the model's parameters.</param>
    /// <param name="learningRate">The learning rate of this step.</param>
    /// <returns>The loss before the update, and the gradient statistics of the optimizer step.</returns>
    /// <exception cref="ArgumentException">The batch has no token that carries loss.</exception>
    public (double Loss, GradientStep Gradient) Run(IReadOnlyList<TrainingExample> batch, AdamW optimizer, double learningRate)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        var total = Tokens(batch);
        var loss = 0.0;
        foreach (var piece in Pieces(batch))
        {
            using var scope = new TensorScope();
            var pack = Pack(piece);
            using var packed = new PackedBatch(pack, decoder.Device);
            using var pass = decoder.Forward(packed, recompute);
            var (rows, targets) = Targets(piece, pack);
            loss += VocabularyHead.Backward(decoder, pass, rows, targets, (logProbs, _, _, _) => logProbs.Sum() / -total);
            optimizer.Accumulate();
        }

        return (loss, optimizer.Step(learningRate));
    }

    /// <summary>Computes the loss without an update: the mean negative log-probability of the response tokens, in nats.</summary>
    /// <param name="examples">The examples.</param>
    /// <exception cref="ArgumentException">The examples have no token that carries loss.</exception>
    public double Loss(IReadOnlyList<TrainingExample> examples)
    {
        using var mode = GradMode.Off();
        var sum = 0.0;
        foreach (var piece in Pieces(examples))
        {
            using var scope = new TensorScope();
            var pack = Pack(piece);
            using var packed = new PackedBatch(pack, decoder.Device);
            var (rows, targets) = Targets(piece, pack);
            sum -= VocabularyHead.LogProbs(decoder, decoder.Hidden(packed), rows, targets).Sum(x => (double)x);
        }

        return sum / Tokens(examples);
    }

    private static double Tokens(IReadOnlyList<TrainingExample> batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var total = batch.Sum(example => (double)example.LossTokens);
        return total > 0 ? total : throw new ArgumentException("A batch needs at least one response token.", nameof(batch));
    }

    private IEnumerable<TrainingExample[]> Pieces(IReadOnlyList<TrainingExample> batch) =>
        MicroBatches.Split([.. batch.Select(example => example.Ids.Length)], microBatchTokens)
            .Select(piece => piece.Select(i => batch[i]).ToArray());

    private TracePack Pack(TrainingExample[] examples) =>
        new([.. examples.Select(e => TraceRows.Supervised(e.Ids, e.PromptLength, tags, visibility))]);

    private static (int[] Rows, int[] Targets) Targets(TrainingExample[] examples, TracePack pack)
    {
        List<int> rows = [], targets = [];
        for (var i = 0; i < examples.Length; i++)
        {
            for (var t = Math.Max(1, examples[i].PromptLength); t < examples[i].Ids.Length; t++)
            {
                if (Array.BinarySearch(examples[i].WithoutLoss, t) >= 0)
                    continue;
                rows.Add(pack.Predictor(i, t));
                targets.Add(examples[i].Ids[t]);
            }
        }

        return ([.. rows], [.. targets]);
    }
}
