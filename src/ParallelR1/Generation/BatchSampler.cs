using System.Numerics.Tensors;
using ParallelR1.Torch;
using Tensor = ParallelR1.Torch.Tensor;

namespace ParallelR1.Generation;

/// <summary>Answers what is wanted of the logits of a step, all rows in one operation.</summary>
internal static class BatchSampler
{
    private const int RowsAtOnce = 4;
    private const int LeastLogits = 1 << 17; // fewer are not worth another thread

    /// <summary>Answers queries.</summary>
    /// <param name="logits">Natural logits in f32 [queries, vocabulary].</param>
    /// <param name="queries">What is wanted of each row.</param>
    public static RowAnswer[] Answer(Tensor logits, IReadOnlyList<RowQuery> queries)
    {
        using var scope = new TensorScope();
        var host = logits.To(Device.Cpu).Contiguous();
        var answers = new RowAnswer[queries.Count];
        var width = (int)host.Shape[1];
        if (queries.Count <= RowsAtOnce || (long)queries.Count * width < LeastLogits)
            AnswerSome(0, queries.Count);
        else
            Parallel.For(0, (queries.Count + RowsAtOnce - 1) / RowsAtOnce, new ParallelOptions { MaxDegreeOfParallelism = Runtime.Threads }, i => AnswerSome(i * RowsAtOnce, (i + 1) * RowsAtOnce));
        GC.KeepAlive(host);
        return answers;

        void AnswerSome(int start, int end)
        {
            end = Math.Min(end, answers.Length);
            if (start == end)
                return;
            using var some = new TensorScope();
            var levels = Sampler.LogSumExp(host.Slice(0, start, end));
            for (var i = start; i < end; i++)
                answers[i] = Answer(host.Span<float>().Slice(i * width, width), queries[i], levels[i - start]);
        }
    }

    private static RowAnswer Answer(ReadOnlySpan<float> logits, RowQuery query, double all)
    {
        var largest = TensorPrimitives.MaxMagnitude(logits);
        if (!LogitsException.Holds(largest))
            return new RowAnswer([], 0, 0, 0) { Failure = largest };
        var scores = new float[query.Scored.Length];
        for (var i = 0; i < scores.Length; i++)
            scores[i] = (float)(logits[query.Scored[i]] - all);
        if (query.Draw is not { } draw)
            return new RowAnswer(scores, 0, 0, 0);
        var id = draw.Sampler.Draw(logits, draw.Banned, draw.Uniform);
        return new RowAnswer(scores, id, (float)(logits[id] - all), (float)(logits[id] - Sampler.LogSumExp(logits, draw.Banned, all)));
    }
}
