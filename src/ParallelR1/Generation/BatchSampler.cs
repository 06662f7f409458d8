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
        var (temperatures, least, uniforms) = (new double[queries.Count], new double[queries.Count], new double[queries.Count]);
        var (banned, first) = (new List<int>(), new int[queries.Count + 1]);
        for (var i = 0; i < queries.Count; i++)
        {
            uniforms[i] = -1;
            if (queries[i].Draw is { Sampler.IsPlain: true } draw)
            {
                (temperatures[i], least[i], uniforms[i]) = (draw.Sampler.Temperature, draw.Sampler.MinP, draw.Uniform);
                banned.AddRange(draw.Banned.Where(id => (uint)id < (uint)width));
            }

            first[i + 1] = banned.Count;
        }

        var found = s_draw.Call(host, Tensor.From(temperatures, queries.Count), Tensor.From(least, queries.Count), Tensor.From(uniforms, queries.Count),
            Tensor.From(banned.ToArray(), banned.Count), Tensor.From(first, first.Length)).Span<double>();
        var answers = new RowAnswer[queries.Count];
        for (var i = 0; i < answers.Length; i++)
            answers[i] = Answer(host.Span<float>().Slice(i * width, width), queries[i], (int)found[3 * i], found[3 * i + 1], (float)found[3 * i + 2]);
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
        var id = draw.Sampler.IsPlain ? drawn : draw.Sampler.Draw(logits, draw.Banned, draw.Uniform);
        return new RowAnswer(scores, id, (float)(logits[id] - all), (float)(logits[id] - Sampler.LogSumExp(logits, draw.Banned, all)));
    }
}
