using ParallelR1.Torch;
using ParallelR1.Training.Optimization;

namespace ParallelR1.Tests.Training;

public sealed class AdamWTests
{
    /// <summary>A mini-batch whose groups all have equal rewards leaves no gradient; the published trainer's is made of zeros.</summary>
    [Fact]
    public void A_step_without_gradients_is_one_with_zeros()
    {
        Assert.Equal(AfterTwoSteps(zeros: true), AfterTwoSteps(zeros: false));
        Assert.NotEqual(AfterTwoSteps(zeros: true), AfterTwoSteps(zeros: null));
    }

    [Fact]
    public void A_gradient_that_is_not_finite_changes_nothing_and_does_not_stay()
    {
        using var scope = new TensorScope();
        var parameter = Tensor.From(new[] { 1f, 2f }, 2);
        using var optimizer = new AdamW([new("p", parameter)], new OptimizerOptions());
        parameter.Grad = Tensor.From(new[] { float.NaN, 1f }, 2);

        Assert.True(optimizer.Step(0.1).Skipped);
        Assert.Equal([1f, 2f], parameter.ToArray<float>());
        Assert.Equal(0, optimizer.Steps);

        parameter.Grad = Tensor.From(new[] { 1f, 1f }, 2);
        Assert.False(optimizer.Step(0.1).Skipped);
    }

    private static float[] AfterTwoSteps(bool? zeros)
    {
        using var scope = new TensorScope();
        var parameter = Tensor.From(new[] { 1f, 2f }, 2);
        using var optimizer = new AdamW([new("p", parameter)], new OptimizerOptions());
        parameter.Grad = Tensor.From(new[] { 0.5f, -0.25f }, 2);
        optimizer.Step(0.1);
        if (zeros == true)
            parameter.Grad = Tensor.From(new[] { 0f, 0f }, 2);
        if (zeros is not null)
            optimizer.Step(0.1);
        return parameter.ToArray<float>();
    }
}
