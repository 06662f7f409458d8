using ParallelR1.Torch;

namespace ParallelR1.Tests.Torch;

[Collection(nameof(TensorScopeTests))]
[CollectionDefinition(nameof(TensorScopeTests), DisableParallelization = true)]
public sealed class TensorScopeTests
{
    private static readonly Operator s_norm = new("parallelr1::rms_norm");
    private static readonly Operator s_scores = new("parallelr1::token_scores");
    private static readonly Operator s_update = new("parallelr1::adamw_");

    [Fact]
    public void A_thousand_steps_leave_no_tensor_behind()
    {
        Collect();
        using var weight = Tensor.Full([16, 16], 0.01);
        weight.RequiresGrad = true;
        Step(weight);
        var before = Runtime.LiveTensors;

        for (var i = 0; i < 1000; i++)
            Step(weight);

        Assert.Equal(before, Runtime.LiveTensors);
    }

    [Fact]
    public void A_thousand_failed_calls_leave_no_tensor_behind()
    {
        using var x = Tensor.Zeros([2, 3]);
        var before = Runtime.LiveTensors;

        for (var i = 0; i < 1000; i++)
        {
            Assert.Throws<TorchException>(() => x.MatMul(x));
            Assert.Throws<TorchException>(() => new Operator("aten::unbind.int").Call(x, 1));
            Assert.Throws<TorchException>(() => new Operator("aten::mm").Call(x));
            Assert.Throws<TorchException>(() => Tensor.From([1f], 2));
        }

        Assert.Equal(before, Runtime.LiveTensors);
    }

    [Fact]
    public void What_nobody_disposed_of_is_freed_by_the_collector_on_its_own_thread()
    {
        Collect();
        var before = Runtime.LiveTensors;
        Drop();
        Assert.Equal(before + 100, Runtime.LiveTensors);

        Collect();

        Assert.Equal(before, Runtime.LiveTensors);

        static void Drop()
        {
            for (var i = 0; i < 100; i++)
                _ = Tensor.Zeros([4]);
        }
    }

    [Fact]
    public void A_scope_around_a_long_loop_keeps_hold_of_nothing_that_the_loop_freed()
    {
        using var scope = new TensorScope();
        var kept = Tensor.Full([1], 7);
        var freed = new WeakReference[20_000];
        Loop(freed);

        Collect();

        Assert.True(freed.Count(reference => reference.IsAlive) < 3000);
        Assert.Equal(7, kept.Item());

        static void Loop(WeakReference[] freed)
        {
            for (var i = 0; i < freed.Length; i++)
            {
                var tensor = Tensor.Zeros([1]);
                freed[i] = new WeakReference(tensor);
                tensor.Dispose();
            }
        }
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
        var normed = s_norm.Call(weight.MatMul(weight), Tensor.Full([16], 1), 1e-6);
        var scores = s_scores.CallMany(normed, Tensor.Arange(0, 16));
        (scores[0]! + scores[1]!).Sum().Backward();
        using var mode = GradMode.Off();
        s_update.CallMany(weight, Tensor.Zeros([16, 16]), Tensor.Zeros([16, 16]), weight.Grad!, Argument.None, 1, 1e-3, 0.9, 0.9, 1e-8, 0, 1);
        weight.Grad = null;
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}
