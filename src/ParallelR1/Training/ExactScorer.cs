using System.Numerics.Tensors;
using ParallelR1.Generation;
using ParallelR1.Models;
using ParallelR1.Thinking;
using ParallelR1.Torch;
using Tensor = ParallelR1.Torch.Tensor;

namespace ParallelR1.Training;

/// <summary>
/// Computes log-probabilities of given tokens by the engine's own decode steps, equal bit for bit to those that the engine assigned when it
/// decoded the tokens. Copies the weights when it is created.
/// </summary>
/// <remarks>Row r of a trace is in entry r of a pool of pages; the rows are computed in order, several hundred per step.</remarks>
public sealed class ExactScorer : IDisposable
{
    private const int RowsOfStep = 512;
    private const int LogitsOfStep = 1 << 24;
    private readonly PackedDecoder _decoder;
    private readonly int _vocabulary;
    private readonly StepTable _table = new();
    private readonly List<int> _wanted = [];
    private Tensor? _pool;

    /// <summary>Initializes the scorer.</summary>
    /// <param name="decoder">The model.</param>
    /// <exception cref="UsageException">The engine has no fused decode step for the model: its type is not f32 or bf16, or its device is not the CPU.</exception>
    public ExactScorer(Decoder decoder)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        decoder.Exact = true;
        (_decoder, _vocabulary) = (new PackedDecoder(decoder), decoder.Config.VocabSize);
    }

    /// <summary>Scores one trace.</summary>
    /// <param name="trace">Tokens, positions, visibility, and the row that predicts each token.</param>
    /// <exception cref="LogitsException">The logits are not finite.</exception>
    /// <returns>For each token from the second on, its natural log-probability [tokens − 1].</returns>
    public float[] LogProbs(TraceRows trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        using var scope = new TensorScope();
        using var mode = GradMode.Off();
        Reserve(trace.Length);
        var result = new float[trace.Ids.Length - 1];
        var predicted = Enumerable.Range(1, result.Length).ToLookup(token => trace.Predictors[token]);
        for (var run = 0; run < trace.Runs.Count; run++)
        {
            for (var row = trace.Runs[run].Start; row < trace.Runs[run].End; row++)
            {
                foreach (var columns in trace.Runs[run].Columns)
                    See(columns);
                See(trace.OwnColumns(run, row));
                if (predicted.Contains(row))
                    _wanted.Add(row);
                _table.Add(trace.Ids[trace.Tokens[row]], trace.Positions[row], row, predicted.Contains(row));
                if (_table.Count >= RowsOfStep || (long)_wanted.Count * _vocabulary >= LogitsOfStep)
                    Step(trace, predicted, result);
            }
        }

        Step(trace, predicted, result);
        return result;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pool?.Dispose();
        _decoder.Dispose();
    }

    private void Reserve(int rows)
    {
        var pages = (rows + PagePool.PageSize - 1) / PagePool.PageSize;
        if (_pool is not null && _pool.Shape[0] >= pages)
            return;
        _pool?.Dispose();
        _pool = _decoder.Pool(pages, PagePool.PageSize);
    }

    private void See(TokenRange rows)
    {
        for (var start = rows.Start; start < rows.End;)
        {
            var end = Math.Min(rows.End, (start / PagePool.PageSize + 1) * PagePool.PageSize);
            _table.See(start, end - start);
            start = end;
        }
    }

    private void Step(TraceRows trace, ILookup<int, int> predicted, float[] result)
    {
        using var scope = new TensorScope();
        if (_table.Count > 0)
        {
            var logits = _decoder.Step(_table, _pool!);
            var largest = _wanted.Count == 0 ? 0 : TensorPrimitives.MaxMagnitude<float>(logits.Span<float>());
            if (!LogitsException.Holds(largest))
                throw LogitsException.OfScoring(largest);
            var levels = _wanted.Count == 0 ? [] : Sampler.LogSumExp(logits);
            for (var i = 0; i < _wanted.Count; i++)
            {
                foreach (var token in predicted[_wanted[i]])
                    result[token - 1] = (float)(logits.Span<float>()[i * _vocabulary + trace.Ids[token]] - levels[i]);
            }
        }

        _table.Clear();
        _wanted.Clear();
    }
}
