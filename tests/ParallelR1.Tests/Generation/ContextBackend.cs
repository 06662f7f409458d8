using ParallelR1.Generation;
using ParallelR1.Models;
using ParallelR1.Thinking;
using ParallelR1.Torch;

namespace ParallelR1.Tests.Generation;

/// <summary>
/// A model of pure bookkeeping: what a row gives is a number made of its token, its position and what the rows that it sees gave, as in a decoder of
/// any depth, and its logits are drawn from that number. So the logits of a token are right exactly if all of its context is.
/// </summary>
internal sealed class ContextBackend(int vocabulary) : IStepBackend
{
    private ulong[] _pool = [];

    /// <summary>Gets the largest number of rows of a step whose logits were wanted.</summary>
    public int MostWanted { get; private set; }

    /// <summary>Gets the largest number of rows of a step.</summary>
    public int MostRows { get; private set; }

    /// <summary>Gets or sets the token after which logits are of no use.</summary>
    public int? Broken { get; set; }

    /// <summary>Called with every step.</summary>
    public Action<StepTable>? Stepping { get; set; }

    public long EntryBytes => 1;

    public void Resize(int pages) => Array.Resize(ref _pool, pages * PagePool.PageSize);

    public void Copy(int from, int to, int count)
    {
        Assert.True(from / PagePool.PageSize == (from + count - 1) / PagePool.PageSize && to / PagePool.PageSize == (to + count - 1) / PagePool.PageSize);
        Array.Copy(_pool, from, _pool, to, count);
    }

    public Tensor Step(StepTable table)
    {
        Stepping?.Invoke(table);
        (MostWanted, MostRows) = (Math.Max(MostWanted, table.Wanted.Length), Math.Max(MostRows, table.Count));
        Assert.Equal(table.Count, table.Rows.ToArray().Distinct().Count());
        for (var row = 0; row < table.Count; row++)
        {
            var sum = 0UL;
            for (var range = table.FirstRanges[row]; range < table.FirstRanges[row + 1]; range++)
            {
                var (start, count) = (table.Ranges[2 * range], table.Ranges[2 * range + 1]);
                Assert.Equal(start / PagePool.PageSize, (start + count - 1) / PagePool.PageSize);
                for (var entry = start; entry < start + count; entry++)
                    sum += entry == table.Rows[row] ? 0 : Mix(_pool[entry]);
            }

            _pool[table.Rows[row]] = Value(table.Tokens[row], table.Positions[row], sum);
        }

        var logits = new float[table.Wanted.Length * vocabulary];
        for (var i = 0; i < table.Wanted.Length; i++)
        {
            var row = table.Wanted[i];
            Logits(_pool[table.Rows[row]], vocabulary).CopyTo(logits.AsSpan(i * vocabulary));
            if (table.Tokens[row] == Broken)
                logits[i * vocabulary] = float.NaN;
        }

        return Tensor.From(logits, table.Wanted.Length, vocabulary);
    }

    public void WeightsChanged()
    {
    }

    public void Dispose()
    {
    }

    /// <summary>What the trainer would score: log-probabilities of the response's tokens in their contexts.</summary>
    public static float[] Scores(TraceRows rows, int vocabulary)
    {
        var values = new ulong[rows.Length];
        foreach (var run in rows.Runs)
        {
            for (var row = run.Start; row < run.End; row++)
            {
                var sum = 0UL;
                foreach (var columns in run.Columns)
                {
                    for (var column = columns.Start; column < columns.End; column++)
                        sum += Mix(values[column]);
                }

                for (var column = run.Start; column < row; column++)
                    sum += Mix(values[column]);
                values[row] = Value(rows.Ids[rows.Tokens[row]], rows.Positions[row], sum);
            }
        }

        var scores = new float[rows.Ids.Length - rows.PromptLength];
        for (var i = 0; i < scores.Length; i++)
        {
            var logits = Logits(values[rows.Predictors[rows.PromptLength + i]], vocabulary);
            scores[i] = (float)(logits[rows.Ids[rows.PromptLength + i]] - Sampler.LogSumExp(logits));
        }

        return scores;
    }

    private static ulong Value(int token, int position, ulong seen) => Mix(Mix(((ulong)(uint)token << 32) + (uint)position) + seen);

    private static ulong Mix(ulong x)
    {
        x = (x + 0x9E3779B97F4A7C15) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 29)) * 0x94D049BB133111EB;
        return x ^ (x >> 32);
    }

    private static float[] Logits(ulong value, int vocabulary)
    {
        var logits = new float[vocabulary];
        for (var id = 0; id < vocabulary; id++)
            logits[id] = (Mix(value + (ulong)id) >> 40) / (float)(1 << 24) * 6;
        for (var tag = 1; tag < Math.Min(9, vocabulary); tag++)
            logits[tag] += 1; // structure is common
        return logits;
    }
}
