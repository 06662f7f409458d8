using System.Buffers;
using System.Numerics.Tensors;
using ParallelR1.Torch;
using Tensor = ParallelR1.Torch.Tensor;

namespace ParallelR1.Generation;

/// <summary>Draws a token from logits, and gives log-probabilities under the full softmax.</summary>
internal sealed class Sampler(double temperature, double topP, int topK, double minP = 0)
{
    private static readonly Operator s_logSumExp = new("parallelr1::log_sum_exp");

    /// <summary>Gets what divides logits; 0: the most probable token is taken.</summary>
    public double Temperature => temperature;

    /// <summary>Gets the least probability of a token, as a share of the most probable one's.</summary>
    public double MinP => minP;

    /// <summary>Gets whether all tokens compete, whatever stands in the order of their probabilities.</summary>
    public bool IsPlain => topP >= 1 && topK <= 0;

    /// <summary>log Σ eˣ of each row of logits in f32 [rows, vocabulary]. What a row gives depends on nothing else, not even on where it lies in memory.</summary>
    public static double[] LogSumExp(Tensor logits)
    {
        using var level = s_logSumExp.Call(logits);
        return level.ToArray<double>();
    }

    /// <summary>log Σ eˣ of a row of logits.</summary>
    public static double LogSumExp(ReadOnlySpan<float> logits)
    {
        using var row = Tensor.From(logits, 1, logits.Length);
        return LogSumExp(row)[0];
    }

    /// <summary>Log-probabilities of given tokens, as <see cref="BatchSampler"/> gives those that it draws.</summary>
    /// <param name="logits">Natural logits in f32 [tokens, vocabulary], on the CPU.</param>
    /// <param name="ids">The tokens.</param>
    /// <param name="banned">For each of them those to leave out of its softmax; empty: none.</param>
    public static float[] LogProbs(Tensor logits, ReadOnlySpan<int> ids, ReadOnlySpan<int[]> banned)
    {
        var (levels, width) = (LogSumExp(logits), (int)logits.Shape[1]);
        var values = logits.Span<float>();
        var result = new float[ids.Length];
        for (var i = 0; i < result.Length; i++)
        {
            var row = values.Slice(i * width, width);
            result[i] = (float)(row[ids[i]] - LogSumExp(row, banned.IsEmpty ? [] : banned[i], levels[i]));
        }

        GC.KeepAlive(logits);
        return result;
    }

    /// <summary>log Σ eˣ of the tokens that are not banned.</summary>
    /// <param name="logits">Natural logits [vocabulary].</param>
    /// <param name="banned">Tokens to leave out, each once.</param>
    /// <param name="all">log Σ eˣ of the whole row.</param>
    public static double LogSumExp(ReadOnlySpan<float> logits, ReadOnlySpan<int> banned, double all)
    {
        var share = 0.0;
        foreach (var token in banned)
            share += (uint)token < (uint)logits.Length ? Math.Exp(logits[token] - all) : 0;
        if (share < 0.5)
            return all + Math.Log(1 - share);
        // What is left is small: taken from the whole it would be rounding error.
        var rest = logits.ToArray();
        LeaveOut(rest, banned);
        return LogSumExp(rest);
    }

    /// <summary>Draws one of the tokens that are not banned.</summary>
    /// <param name="logits">Natural logits [vocabulary].</param>
    /// <param name="banned">Tokens that may not be drawn.</param>
    /// <param name="uniform">A draw from [0, 1).</param>
    public int Draw(ReadOnlySpan<float> logits, ReadOnlySpan<int> banned, double uniform)
    {
        var buffer = ArrayPool<float>.Shared.Rent(logits.Length);
        try
        {
            var weights = buffer.AsSpan(0, logits.Length);
            logits.CopyTo(weights);
            LeaveOut(weights, banned);
            var best = TensorPrimitives.IndexOfMax<float>(weights);
            if (temperature == 0)
                return best;
            TensorPrimitives.Subtract(weights, weights[best], weights);
            TensorPrimitives.Multiply(weights, (float)(1 / temperature), weights);
            if (topK > 0 && topK < weights.Length)
                KeepTop(weights, topK);
            TensorPrimitives.Exp<float>(weights, weights);
            if (minP > 0)
                KeepLikely(weights, (float)minP);
            if (topP < 1)
                KeepMass(weights, topP);
            return Pick(weights, uniform);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }

    private static void LeaveOut(Span<float> logits, ReadOnlySpan<int> banned)
    {
        foreach (var token in banned)
        {
            if ((uint)token < (uint)logits.Length)
                logits[token] = float.NegativeInfinity;
        }
    }

    /// <summary>The token at which the running sum of the weights passes its share, in the order of the ids.</summary>
    private static int Pick(ReadOnlySpan<float> weights, double uniform)
    {
        var total = 0.0;
        foreach (var chunk in Chunks(weights.Length))
            total += TensorPrimitives.Sum(weights[chunk]);
        var left = uniform * total;
        var last = 0;
        foreach (var chunk in Chunks(weights.Length))
        {
            var mass = (double)TensorPrimitives.Sum(weights[chunk]);
            if (left >= mass)
            {
                left -= mass;
                continue;
            }

            for (var i = chunk.Start.Value; i < chunk.End.Value; i++)
            {
                if (weights[i] == 0)
                    continue;
                last = i;
                left -= weights[i];
                if (left < 0)
                    return i;
            }
        }

        // Rounding can leave a crumb: the last token that has weight takes it.
        return weights[last] > 0 ? last : weights.LastIndexOfAnyExcept(0f);
    }

    private static void KeepTop(Span<float> weights, int count)
    {
        var sorted = weights.ToArray();
        Array.Sort(sorted);
        var threshold = sorted[^count];
        var room = count; // for tokens that tie with the last one kept: those with the smallest ids stay
        foreach (var weight in weights)
            room -= weight > threshold ? 1 : 0;
        foreach (ref var weight in weights)
        {
            if (weight < threshold || (weight == threshold && room-- <= 0))
                weight = float.NegativeInfinity;
        }
    }

    /// <summary>The weight of the most probable token is 1.</summary>
    private static void KeepLikely(Span<float> weights, float least)
    {
        foreach (ref var weight in weights)
            weight = weight < least ? 0 : weight;
    }

    private static void KeepMass(Span<float> weights, double mass)
    {
        var order = new int[weights.Length];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        var keys = weights.ToArray();
        Array.Sort(keys, order, Comparer<float>.Create(static (a, b) => b.CompareTo(a)));
        var limit = mass * keys.Sum(static x => (double)x);
        var sum = 0.0;
        for (var i = 0; i < order.Length; i++)
        {
            if (sum >= limit && i > 0)
                weights[order[i]] = 0;
            sum += keys[i];
        }
    }

    private static IEnumerable<Range> Chunks(int length)
    {
        const int Size = 1024;
        for (var start = 0; start < length; start += Size)
            yield return start..Math.Min(start + Size, length);
    }
}
