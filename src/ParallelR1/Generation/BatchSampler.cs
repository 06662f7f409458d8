using ParallelR1.Torch;
using Tensor = ParallelR1.Torch.Tensor;

namespace ParallelR1.Generation;

/// <summary>Answers what is wanted of the logits of a step, all rows in one operation.</summary>
internal static class BatchSampler
{
    private static readonly Operator s_draw = new("parallelr1::draw_rows");

    /// <summary>Answers queries.</summary>
    /// <param name="logits">Natural logits in f32 [queries, vocabulary].</param>
    /// <param name="queries">What is wanted of each row.</param>
    public static RowAnswer[] Answer(Tensor logits, IReadOnlyList<RowQuery> queries)
    {
        using var scope = new TensorScope();
        var host = logits.To(Device.Cpu).Contiguous();
        var width = (int)host.Shape[1];
        var values = host.Span<float>();
        var (draws, banned, first) = (new double[3 * queries.Count], new List<int>(), new int[queries.Count + 1]);
        for (var i = 0; i < queries.Count; i++)
        {
            draws[3 * i + 2] = -1; // none
            if (queries[i].Draw is { } draw)
            {
                (draws[3 * i], draws[3 * i + 1], draws[3 * i + 2]) = (draw.Sampler.Temperature, draw.Sampler.MinP, draw.Uniform);
                banned.AddRange(draw.Banned.Where(id => (uint)id < (uint)width));
                banned.AddRange(draw.Sampler.LeftOut(values.Slice(i * width, width), draw.Banned));
            }

            first[i + 1] = banned.Count;
        }

        var found = s_draw.Call(host, Tensor.From(draws, queries.Count, 3), Tensor.From(banned.ToArray(), banned.Count), Tensor.From(first, first.Length)).Span<double>();
        var answers = new RowAnswer[queries.Count];
        for (var i = 0; i < answers.Length; i++)
            answers[i] = Answer(values.Slice(i * width, width), queries[i], (int)found[3 * i], found[3 * i + 1], (float)found[3 * i + 2]);
        GC.KeepAlive(host);
        return answers;
    }

    private static RowAnswer Answer(ReadOnlySpan<float> logits, RowQuery query, int drawn, double all, float largest)
    {
        if (!LogitsException.Holds(largest))
            return new RowAnswer([], 0, 0, 0) { Failure = largest };
        var scores = query.Scored.Length == 0 ? [] : new float[query.Scored.Length];
        for (var i = 0; i < scores.Length; i++)
            scores[i] = (float)(logits[query.Scored[i]] - all);
        if (query.Draw is not { } draw)
            return new RowAnswer(scores, 0, 0, 0);
        return new RowAnswer(scores, drawn, (float)(logits[drawn] - all), (float)(logits[drawn] - Sampler.LogSumExp(logits, draw.Banned, all)));
    }
}
