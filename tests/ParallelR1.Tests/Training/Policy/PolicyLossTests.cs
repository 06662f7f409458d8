using ParallelR1.Torch;
using ParallelR1.Training.Policy;

namespace ParallelR1.Tests.Training.Policy;

public sealed class PolicyLossTests
{
    private static readonly PolicyLossOptions s_options = new() { ClipLow = 0.2, ClipHigh = 0.28, DualClip = 3 };

    // Ratios 0.5, 1, 2 and 5 with advantages of both signs.
    private static readonly double[] s_ratios = [0.5, 0.5, 1, 1, 2, 2, 5, 5];
    private static readonly double[] s_advantages = [1, -1, 1, -1, 1, -1, 1, -1];

    [Fact]
    public void Losses_are_clipped_on_the_side_where_the_policy_would_gain()
    {
        using var scope = new TensorScope();
        var (logProb, old, advantages) = Inputs();

        var losses = PolicyLoss.TokenLosses(logProb, old, advantages, s_options).Detach().ToArray<double>();

        double[] expected = [-0.5, 0.8, -1, 1, -1.28, 2, -1.28, 3];
        Assert.All(expected.Zip(losses), pair => Assert.Equal(pair.First, pair.Second, 12));
    }

    [Fact]
    public void Gradients_vanish_where_a_limit_acts_and_flow_in_full_at_ratio_one()
    {
        using var scope = new TensorScope();
        var (logProb, old, advantages) = Inputs();

        PolicyLoss.TokenLosses(logProb, old, advantages, s_options).Sum().Backward();

        double[] expected = [-0.5, 0, -1, 1, 0, 2, 0, 0];
        Assert.All(expected.Zip(logProb.Grad!.ToArray<double>()), pair => Assert.Equal(pair.First, pair.Second, 12));
    }

    [Fact]
    public void Clipped_tokens_are_counted()
    {
        using var scope = new TensorScope();
        var (logProb, old, advantages) = Inputs();

        Assert.Equal((3, 1), PolicyLoss.ClipCounts(logProb, old, advantages, s_options));
        Assert.Equal((3, 0), PolicyLoss.ClipCounts(logProb, old, advantages, s_options with { DualClip = null }));
    }

    [Fact]
    public void Absurd_ratios_stay_finite()
    {
        using var scope = new TensorScope();
        var losses = PolicyLoss.TokenLosses(
            Tensor.From([0f, -1000f], 2), Tensor.From([-1000f, 0f], 2), Tensor.From([-1f, -1f], 2), s_options with { DualClip = null });

        Assert.All(losses.ToArray<float>(), x => Assert.True(float.IsFinite(x)));
    }

    private static (Tensor LogProb, Tensor Old, Tensor Advantages) Inputs()
    {
        var old = Tensor.Full([8], -1.5, ScalarType.Float64);
        var logProb = Tensor.From(Array.ConvertAll(s_ratios, Math.Log), 8) + -1.5;
        logProb.RequiresGrad = true;
        return (logProb, old, Tensor.From(s_advantages, 8));
    }
}
