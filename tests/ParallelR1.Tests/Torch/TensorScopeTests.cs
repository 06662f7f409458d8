using ParallelR1.Torch;

namespace ParallelR1.Tests.Torch;

[Collection(nameof(TensorScopeTests))]
[CollectionDefinition(nameof(TensorScopeTests), DisableParallelization = true)]
public sealed class TensorScopeTests
{
    [Fact]
    public void A_thousand_steps_leave_no_tensor_behind()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var weight = Tensor.Full([16, 16], 0.01);
        weight.RequiresGrad = true;
        Step(weight);
        var before = Runtime.LiveTensors;

        for (var i = 0; i < 1000; i++)
            Step(weight);

        Assert.Equal(before, Runtime.LiveTensors);
    }

    [Fact]
    public void What_is_kept_outlives_its_scope_and_dies_with_the_next()
    {
        Tensor kept, owned;
        using (new TensorScope())
        {
            using (new TensorScope())
            {
                kept = Tensor.Zeros([1]).Keep();
                owned = Tensor.Zeros([1]).Own();
            }

            Assert.Equal(0, kept.Item());
        }

        Assert.Throws<ObjectDisposedException>(() => kept.Item());
        Assert.Equal(0, owned.Item());
        owned.Dispose();
    }

    [Fact]
    public void Threads_have_scopes_and_gradient_modes_of_their_own()
    {
        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            using var scope = new TensorScope();
            using var mode = i % 2 == 0 ? GradMode.Off() : GradMode.On();
            var x = Tensor.Full([8, 8], i);
            x.RequiresGrad = true;
            for (var step = 0; step < 20; step++)
            {
                var y = x.MatMul(x).Sum();
                Assert.Equal(i % 2 != 0, y.RequiresGrad);
                Assert.Equal(8.0 * 64 * i * i, y.Item());
            }
        });
    }

    private static void Step(Tensor weight)
    {
        using var scope = new TensorScope();
        var loss = weight.MatMul(weight).LogSoftmax(1).Sum();
        loss.Backward();
        weight.Grad = null;
    }
}
