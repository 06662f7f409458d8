using ParallelR1.Torch;
using Tensor = ParallelR1.Torch.Tensor;

namespace ParallelR1.Generation;

/// <summary>The distribution that a token is drawn from, and log-probabilities under the full softmax.</summary>
/// <param name="Temperature">Divides logits; 0: the most probable token is taken.</param>
/// <param name="TopP">The most probable tokens whose mass reaches this compete; 1: all.</param>
/// <param name="TopK">So many of the most probable tokens compete; 0: all.</param>
/// <param name="MinP">Tokens compete that are at least this share as probable as the most probable one; 0: all.</param>
internal sealed record Sampler(double Temperature, double TopP = 1, int TopK = 0, double MinP = 0)
{
    private static readonly Operator s_logSumExp = new("parallelr1::log_sum_exp");

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
        foreach (var token in banned)
        {
            if ((uint)token < (uint)rest.Length)
                rest[token] = float.NegativeInfinity;
        }

        return LogSumExp(rest);
    }

    /// <summary>Tokens that do not compete by <see cref="TopK"/> and <see cref="TopP"/>, beside those that are banned. Of equally probable ones the smallest ids stay.</summary>
    /// <param name="logits">Natural logits [vocabulary].</param>
    /// <param name="banned">Tokens that may not be drawn.</param>
    public ReadOnlySpan<int> LeftOut(ReadOnlySpan<float> logits, ReadOnlySpan<int> banned)
    {
        if (Temperature == 0 || (TopP >= 1 && TopK <= 0))
            return [];
        var order = new List<int>(logits.Length);
        for (var id = 0; id < logits.Length; id++)
        {
            if (!banned.Contains(id))
                order.Add(id);
        }

        var (ids, keys) = (order.ToArray(), new (float Logit, int Id)[order.Count]);
        for (var i = 0; i < ids.Length; i++)
            keys[i] = (-logits[ids[i]], ids[i]);
        Array.Sort(keys, ids);
        var kept = TopK > 0 ? Math.Min(TopK, ids.Length) : ids.Length;
        return TopP < 1 ? ids.AsSpan(WithMass(keys.AsSpan(0, kept))) : ids.AsSpan(kept);
    }

    /// <summary>How many of the most probable tokens reach the mass.</summary>
    private int WithMass(ReadOnlySpan<(float Logit, int Id)> sorted)
    {
        var weights = new double[sorted.Length];
        var total = 0.0;
        for (var i = 0; i < sorted.Length; i++)
        {
            var weight = Math.Exp((sorted[0].Logit - sorted[i].Logit) / Temperature);
            total += weights[i] = weight < MinP ? 0 : weight;
        }

        var (count, sum) = (0, 0.0);
        while (count < weights.Length && (count == 0 || sum < TopP * total))
            sum += weights[count++];
        return count;
    }
}
