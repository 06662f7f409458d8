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
    public int[] LeftOut(ReadOnlySpan<float> logits, ReadOnlySpan<int> banned)
    {
        if (Temperature == 0 || (TopP >= 1 && TopK <= 0))
            return [];
        var sorted = new List<(float Negated, int Id)>(logits.Length);
        for (var id = 0; id < logits.Length; id++)
        {
            if (!banned.Contains(id))
                sorted.Add((-logits[id], id));
        }

        sorted.Sort();
        var kept = TopK > 0 ? Math.Min(TopK, sorted.Count) : sorted.Count;
        return [.. sorted.Skip(TopP < 1 ? WithMass(sorted, kept) : kept).Select(token => token.Id)];
    }

    /// <summary>How many of the most probable tokens reach the mass of the first <paramref name="kept"/>.</summary>
    private int WithMass(List<(float Negated, int Id)> sorted, int kept)
    {
        var weights = new double[kept];
        for (var i = 0; i < kept; i++)
        {
            var weight = Math.Exp((sorted[0].Negated - sorted[i].Negated) / Temperature);
            weights[i] = weight < MinP ? 0 : weight;
        }

        var (count, sum, limit) = (0, 0.0, TopP * weights.Sum());
        while (count < kept && (count == 0 || sum < limit))
            sum += weights[count++];
        return count;
    }
}
