using ParallelR1.Generation;
using ParallelR1.Models;
using ParallelR1.Torch;

namespace ParallelR1.Training;

/// <summary>
/// Computes log-probabilities from hidden states, in chunks of tokens, so that tokens × vocabulary logits are never stored at once. Log-softmax is
/// in f32.
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

    /// <summary>Computes log-probabilities and entropies of given tokens, without gradients.</summary>
    /// <param name="decoder">The model.</param>
    /// <param name="hidden">Hidden states [tokens, hidden size].</param>
    /// <param name="rows">For each scored token, the row of <paramref name="hidden"/> that predicts it.</param>
    /// <param name="targets">The scored tokens.</param>
    /// <param name="entropies">Receives entropies in nats; empty if they are not needed.</param>
    /// <param name="banned">For each scored token, the tokens to leave out of its softmax; empty for none.</param>
    /// <returns>Natural log-probabilities [scored tokens].</returns>
    public static float[] LogProbs(
        Decoder decoder, Tensor hidden, ReadOnlySpan<int> rows, ReadOnlySpan<int> targets, Span<float> entropies = default, ReadOnlySpan<int[]> banned = default) =>
        LogProbs(decoder, hidden, rows, targets, entropies, banned, look: null);

    /// <summary>Computes log-probabilities without entropies, and the largest magnitude of the logits; NaN if a logit is NaN.</summary>
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

    /// <summary>
    /// Computes the loss over the given tokens and its gradients. Those of the head are accumulated in its parameters, those of the hidden states
    /// are propagated back through the pass.
    /// </summary>
    /// <param name="decoder">The model.</param>
    /// <param name="pass">The recorded forward pass.</param>
    /// <param name="rows">For each token that carries loss, the row of the pass that predicts it.</param>
    /// <param name="targets">The tokens that carry loss.</param>
    /// <param name="losses">Computes their loss, chunk by chunk.</param>
    /// <param name="entropy">Whether entropies are computed, and whether they are part of the loss.</param>
    /// <param name="banned">For each of the tokens, the tokens to leave out of its softmax; empty for none.</param>
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
        // The values are those that the engine computes; the gradient is that of the softmax.
        var logProbs = exact is null ? scores[0]! : Tensor.From(exact, exact.Length) + (scores[0]! - scores[0]!.Detach());
        return (logProbs, entropy switch
        {
            EntropyUse.None => null,
            EntropyUse.Differentiated => scores[1],
            _ => scores[1]!.Detach(),
        });
    }

    /// <summary>Sets banned logits to a value so low that they have no mass and no gradient, but finite: 0 · log 0 would be NaN in an entropy.</summary>
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

/// <summary>Computes the loss of the tokens of a chunk from their log-probabilities.</summary>
/// <param name="logProbs">Log-probabilities of the tokens [count], which are tokens start to start + count of those that carry loss.</param>
/// <param name="entropy">Entropies of the distributions that the tokens were sampled from, in nats [count]; null if they are not computed.</param>
/// <param name="start">Index of the first of these tokens among all tokens of the micro-batch that carry loss.</param>
/// <param name="count">Number of tokens.</param>
/// <returns>A scalar: the share of the tokens in the loss of the step.</returns>
internal delegate Tensor TokenLosses(Tensor logProbs, Tensor? entropy, int start, int count);

/// <summary>The use of the policy's entropies.</summary>
internal enum EntropyUse
{
    /// <summary>They are not computed.</summary>
    None,

    /// <summary>They are logged; no gradient is recorded for them.</summary>
    Watched,

    /// <summary>They are part of the loss.</summary>
    Differentiated,
}
