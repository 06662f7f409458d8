using ParallelR1.Generation;
using ParallelR1.Models;
using ParallelR1.Torch;

namespace ParallelR1.Training;

/// <summary>
/// From hidden states to log-probabilities, in chunks of tokens, so that tokens × vocabulary is never held at once. Log-softmax in f32.
/// </summary>
internal static class VocabularyHead
{
    private const long ChunkElements = 1 << 23; // logits of one chunk
    private const double Banished = -1e4;
    private static readonly Operator s_indexAdd = new("aten::index_add_");
    private static readonly Operator s_fill = new("aten::index_fill_.int_Scalar");
    private static readonly Operator s_abs = new("aten::abs");
    private static readonly Operator s_max = new("aten::max");
    private static readonly Operator s_scores = new("parallelr1::token_scores");

    /// <summary>Log-probabilities and entropies of given tokens, without gradients.</summary>
    /// <param name="decoder">The model.</param>
    /// <param name="hidden">Hidden states [tokens, hidden size].</param>
    /// <param name="rows">For each scored token the row of <paramref name="hidden"/> that predicts it.</param>
    /// <param name="targets">The scored tokens.</param>
    /// <param name="entropies">Where to put entropies in nats, or empty.</param>
    /// <param name="banned">For each scored token those to leave out of its softmax; empty: none.</param>
    public static float[] LogProbs(
        Decoder decoder, Tensor hidden, ReadOnlySpan<int> rows, ReadOnlySpan<int> targets, Span<float> entropies = default, ReadOnlySpan<int[]> banned = default) =>
        LogProbs(decoder, hidden, rows, targets, entropies, banned, look: null);

    /// <summary>The same without entropies, and the largest magnitude among the logits; NaN where one is NaN.</summary>
    internal static (float[] LogProbs, float LargestLogit) LogProbsAndLargestLogit(Decoder decoder, Tensor hidden, ReadOnlySpan<int> rows, ReadOnlySpan<int> targets)
    {
        var largest = 0f;
        var logProbs = LogProbs(decoder, hidden, rows, targets, default, default, logits => largest = MathF.Max(largest, (float)s_max.Call(s_abs.Call(logits)).Item()));
        return (logProbs, largest);
    }

    private static float[] LogProbs(
        Decoder decoder, Tensor hidden, ReadOnlySpan<int> rows, ReadOnlySpan<int> targets, Span<float> entropies, ReadOnlySpan<int[]> banned, Action<Tensor>? look)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentNullException.ThrowIfNull(hidden);
        using var mode = GradMode.Off();
        using var outer = new TensorScope();
        var head = decoder.Projector();
        var result = new float[rows.Length];
        foreach (var (start, count) in Chunks(decoder, rows.Length))
        {
            using var scope = new TensorScope();
            var (logProbs, entropy) = Score(decoder, head, Pick(hidden, rows.Slice(start, count)), targets.Slice(start, count), entropies.Length > 0 ? EntropyUse.Watched : EntropyUse.None, Part(banned, start, count), look);
            logProbs.To(ScalarType.Float32).ToArray<float>().CopyTo(result, start);
            entropy?.To(ScalarType.Float32).ToArray<float>().CopyTo(entropies[start..]);
        }

        return result;
    }

    /// <summary>The loss over the given tokens, and its gradients: the head's are added to it, those of the hidden states go back through the pass.</summary>
    /// <param name="decoder">The model.</param>
    /// <param name="pass">The recorded forward pass.</param>
    /// <param name="rows">For each token that carries loss the row of the pass that predicts it.</param>
    /// <param name="targets">These tokens.</param>
    /// <param name="losses">Their loss, chunk by chunk.</param>
    /// <param name="entropy">Whether the loss wants entropies, and whether they are part of it.</param>
    /// <param name="banned">For each of the tokens those to leave out of its softmax; empty: none.</param>
    /// <returns>The loss.</returns>
    public static double Backward(
        Decoder decoder, ForwardPass pass, ReadOnlySpan<int> rows, ReadOnlySpan<int> targets, TokenLosses losses,
        EntropyUse entropy = EntropyUse.None, ReadOnlySpan<int[]> banned = default)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(losses);
        using var outer = new TensorScope();
        var head = decoder.Projector();
        var slope = Tensor.Zeros(pass.Hidden.Shape, pass.Hidden.DType, pass.Hidden.Device);
        var total = 0.0;
        foreach (var (start, count) in Chunks(decoder, rows.Length))
        {
            using var scope = new TensorScope();
            var indices = Indices(rows.Slice(start, count), slope.Device);
            var picked = pass.Hidden.IndexSelect(0, indices).Detach();
            picked.RequiresGrad = true;
            var (logProbs, entropies) = Score(decoder, head, picked, targets.Slice(start, count), entropy, Part(banned, start, count));
            var loss = losses(logProbs, entropies, start, count);
            loss.Backward();
            total += loss.Detach().Item();
            using var mode = GradMode.Off();
            if (picked.Grad is { } grad)
                s_indexAdd.Call(slope, 0, indices, grad).Dispose();
        }

        pass.Backward(slope);
        return total;
    }

    private static (Tensor LogProbs, Tensor? Entropy) Score(
        Decoder decoder, Func<Tensor, Tensor> head, Tensor hidden, ReadOnlySpan<int> targets, EntropyUse entropy, ReadOnlySpan<int[]> banned, Action<Tensor>? look = null)
    {
        var logits = head(hidden);
        look?.Invoke(logits);
        var exact = decoder.Exact ? Sampler.LogProbs(logits.Detach().To(ScalarType.Float32), targets, banned) : null;
        LeaveOut(logits, banned);
        var scores = s_scores.CallMany(logits, Indices(targets, logits.Device));
        // The values as the engine computes them; the gradient is that of the softmax.
        var logProbs = exact is null ? scores[0]! : Tensor.From(exact, exact.Length) + (scores[0]! - scores[0]!.Detach());
        return (logProbs, entropy switch
        {
            EntropyUse.None => null,
            EntropyUse.Differentiated => scores[1],
            _ => scores[1]!.Detach(),
        });
    }

    /// <summary>Puts the banned logits so low that they have no mass and no gradient, but finite: 0 · log 0 would be no number in an entropy.</summary>
    private static void LeaveOut(Tensor logits, ReadOnlySpan<int[]> banned)
    {
        var vocabulary = logits.Shape[1];
        var places = new List<long>();
        for (var row = 0; row < banned.Length; row++)
        {
            foreach (var token in banned[row])
            {
                if (token < vocabulary)
                    places.Add(row * vocabulary + token);
            }
        }

        if (places.Count > 0)
            s_fill.Call(logits.Reshape(-1), 0, Tensor.From(places.ToArray(), places.Count).To(logits.Device), Banished).Dispose();
    }

    private static ReadOnlySpan<int[]> Part(ReadOnlySpan<int[]> banned, int start, int count) => banned.IsEmpty ? banned : banned.Slice(start, count);

    private static Tensor Pick(Tensor hidden, ReadOnlySpan<int> rows) => hidden.IndexSelect(0, Indices(rows, hidden.Device));

    private static Tensor Indices(ReadOnlySpan<int> values, Device device) => Tensor.From(values, values.Length).To(ScalarType.Int64).To(device);

    private static IEnumerable<(int Start, int Count)> Chunks(Decoder decoder, int tokens)
    {
        var size = (int)Math.Max(16, ChunkElements / decoder.Config.VocabSize);
        for (var start = 0; start < tokens; start += size)
            yield return (start, Math.Min(size, tokens - start));
    }
}

/// <summary>Computes the loss of some tokens from their log-probabilities.</summary>
/// <param name="logProbs">Log-probabilities of tokens [start, start + count) of those that carry loss.</param>
/// <param name="entropy">Entropies of the distributions they were drawn from, in nats, same shape; null where they were not asked for.</param>
/// <param name="start">Index of the first of these tokens among all that carry loss in the micro-batch.</param>
/// <param name="count">Number of tokens.</param>
/// <returns>A scalar: the tokens' share of the step's loss.</returns>
internal delegate Tensor TokenLosses(Tensor logProbs, Tensor? entropy, int start, int count);

/// <summary>What entropies of the policy are for.</summary>
internal enum EntropyUse
{
    /// <summary>They are not computed.</summary>
    None,

    /// <summary>They are logged; no gradient is recorded for them.</summary>
    Watched,

    /// <summary>They are part of the loss.</summary>
    Differentiated,
}
