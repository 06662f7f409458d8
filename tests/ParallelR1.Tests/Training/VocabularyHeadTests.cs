using ParallelR1.Models;
using ParallelR1.Tests.Generation;
using ParallelR1.Thinking;
using ParallelR1.Torch;
using ParallelR1.Training;

namespace ParallelR1.Tests.Training;

public sealed class VocabularyHeadTests : IDisposable
{
    private const int Vocabulary = 40;
    private const int Row = 3;
    private static readonly int[] s_banned = [0, 2, 17, 99];

    private readonly Decoder _decoder = RandomDecoder.Create(Vocabulary);

    public void Dispose() => _decoder.Dispose();

    /// <summary>The score function of a distribution has mean zero under that distribution: without this a constant reward would teach something.</summary>
    [Fact]
    public void The_mean_gradient_of_what_may_be_drawn_is_zero()
    {
        Assert.InRange(MeanScore(s_banned), 0, 1e-5);
    }

    [Fact]
    public void With_banned_tokens_in_the_softmax_it_is_not_and_they_gain_what_drawn_ones_lose()
    {
        Assert.True(MeanScore([]) > 1e-2);
    }

    [Fact]
    public void Banned_tokens_leave_the_entropy_a_number()
    {
        using var scope = new TensorScope();
        using var pack = new PackedBatch(new TracePack([Trace()]), Device.Cpu);
        var entropies = new float[2];

        VocabularyHead.LogProbs(_decoder, _decoder.Hidden(pack), [Row, Row], [5, 6], entropies, [s_banned, []]);

        Assert.InRange(entropies[0], 0, Math.Log(Vocabulary - 3));
        Assert.NotEqual(entropies[0], entropies[1]);
    }

    /// <summary>Norm of Σ p(a)·∇ log p(a) over the tokens that may be drawn, p being what they are drawn with, the softmax that of the loss.</summary>
    private double MeanScore(int[] leftOut)
    {
        int[] allowed = [.. Enumerable.Range(0, Vocabulary).Except(s_banned)];
        int[] rows = [.. allowed.Select(_ => Row)];
        using var scope = new TensorScope();
        using var pack = new PackedBatch(new TracePack([Trace()]), Device.Cpu);
        var drawnWith = VocabularyHead.LogProbs(_decoder, _decoder.Hidden(pack), rows, allowed, banned: [.. allowed.Select(_ => s_banned)]);
        _decoder.SetTrainable();
        using var pass = _decoder.Forward(pack);

        VocabularyHead.Backward(_decoder, pass, rows, allowed, (logProbs, _, start, count) =>
            (logProbs * Tensor.From(drawnWith.AsSpan(start, count).ToArray(), count).Exp()).Sum(), banned: [.. allowed.Select(_ => leftOut)]);

        return Math.Sqrt(_decoder.Parameters.Values.Sum(p => p.Grad is { } grad ? grad.ToArray<float>().Sum(x => (double)x * x) : 0));
    }

    private static TraceRows Trace() => TraceRows.Plain([8, 9, 10, 11, 12], 2);
}
