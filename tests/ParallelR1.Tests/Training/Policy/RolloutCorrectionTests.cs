using ParallelR1.Training.Policy;

namespace ParallelR1.Tests.Training.Policy;

public sealed class RolloutCorrectionTests
{
    private static readonly double[] s_trainer = [Math.Log(0.5), Math.Log(0.5), Math.Log(0.1)];
    private static readonly double[] s_rollout = [Math.Log(0.1), Math.Log(0.4), Math.Log(0.2)];

    [Fact]
    public void Weights_of_tokens_are_cut_at_the_cap() =>
        Near([2, 1.25, 0.5], Weights(new RolloutCorrectionOptions { Cap = 2 }));

    [Fact]
    public void Weights_outside_both_limits_become_zero() =>
        Near([0, 1.25, 0], Weights(new RolloutCorrectionOptions { Cap = 2, Floor = 0.6 }));

    [Fact]
    public void The_tokens_of_a_response_share_its_product() =>
        Near([6.25, 6.25, 0.5], Weights(new RolloutCorrectionOptions { Level = ImportanceLevel.Sequence, Cap = 10 }));

    [Fact]
    public void A_rejected_response_loses_all_its_tokens()
    {
        var options = new RolloutCorrectionOptions
        {
            Level = null,
            Reject = [new RejectionRule { Statistic = RejectionStatistic.K3, Scope = RejectionScope.SequenceMax, High = 0.5 }],
        };

        Assert.Equal([false, false, true], RolloutCorrection.Compute(s_trainer, s_rollout, [2, 1], options).Kept);
    }

    [Fact]
    public void Equal_probabilities_have_no_mismatch()
    {
        var mismatch = RolloutMismatch.Measure(s_trainer, s_trainer, [2, 1]);

        Assert.Equal((0, 0, 0, 0), (mismatch.Kl, mismatch.K3Kl, mismatch.MaxAbsolute, mismatch.ChiSquareSequence));
        Assert.Equal(1, mismatch.PerplexityRatio);
    }

    private static double[] Weights(RolloutCorrectionOptions options) => RolloutCorrection.Compute(s_trainer, s_rollout, [2, 1], options).Weights;

    private static void Near(double[] expected, double[] actual) =>
        Assert.All(expected.Zip(actual, (a, b) => (a, b)), pair => Assert.Equal(pair.a, pair.b, 12));
}
