using ParallelR1.Torch;
using Tensor = ParallelR1.Torch.Tensor;

namespace ParallelR1.Generation;

/// <summary>Answers the queries of a step from its logits, all rows in one operation.</summary>
internal static class BatchSampler
{
    private static readonly Operator s_draw = new("parallelr1::draw_rows");
    private static readonly Operator s_sample = new("parallelr1::sample_rows");

    /// <summary>Answers queries: on the CPU by a kernel, elsewhere on the device that holds the logits.</summary>
    /// <param name="logits">Natural logits in f32 [queries, vocabulary].</param>
    /// <param name="queries">The query of each row.</param>
    public static RowAnswer[] Answer(Tensor logits, IReadOnlyList<RowQuery> queries) => logits.Device == Device.Cpu ? OnCpu(logits, queries) : OnDevice(logits, queries);

    /// <summary>Answers queries by libtorch's operators where the logits are; only tokens and log-probabilities are copied to the CPU.</summary>
    /// <param name="logits">Natural logits in f32 [queries, vocabulary], on any device.</param>
    /// <param name="queries">The query of each row.</param>
    public static RowAnswer[] OnDevice(Tensor logits, IReadOnlyList<RowQuery> queries)
    {
        using var scope = new TensorScope();
        var width = logits.Shape[1];
        var (draws, banned, scored) = (new double[5 * queries.Count], new List<long>(), new List<long>());
        for (var i = 0; i < queries.Count; i++)
        {
            var start = i * width;
            scored.AddRange(queries[i].Scored.Select(id => start + id));
            if (queries[i].Draw is not { } draw)
            {
                draws[5 * i + 3] = 1;
                continue;
            }

            banned.AddRange(draw.Banned.Where(id => (uint)id < width).Select(id => start + id));
            var sampler = draw.Sampler;
            ReadOnlySpan<double> row = [sampler.Temperature, sampler.MinP, draw.Uniform, sampler.TopP, sampler.TopK];
            row.CopyTo(draws.AsSpan(5 * i));
        }

        var found = s_sample.CallMany(logits, Tensor.From(draws, queries.Count, 5), Tensor.From(banned.ToArray(), banned.Count), Tensor.From(scored.ToArray(), scored.Count));
        var (rows, scores) = (found[0]!.ToArray<double>(), found[1]!.ToArray<float>());
        var (answers, next) = (new RowAnswer[queries.Count], 0);
        for (var i = 0; i < answers.Length; i++)
        {
            var row = rows.AsSpan(5 * i, 5);
            var count = queries[i].Scored.Length;
            var level = row[1];
            if (!LogitsException.Holds((float)row[3]))
                answers[i] = new RowAnswer([], 0, 0, 0) { Failure = (float)row[3] };
            else if (queries[i].Draw is null)
                answers[i] = new RowAnswer(Scores(next, count, level), 0, 0, 0);
            else
                answers[i] = new RowAnswer(Scores(next, count, level), (int)row[0], (float)(row[4] - level), (float)(row[4] - row[2]));
            next += count;
        }

        return answers;

        float[] Scores(int from, int count, double level) => Array.ConvertAll(scores[from..(from + count)], logit => (float)(logit - level));
    }

    private static RowAnswer[] OnCpu(Tensor logits, IReadOnlyList<RowQuery> queries)
    {
        using var scope = new TensorScope();
        var host = logits.Contiguous();
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
