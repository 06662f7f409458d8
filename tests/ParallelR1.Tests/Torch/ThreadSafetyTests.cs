using ParallelR1.Torch;

namespace ParallelR1.Tests.Torch;

/// <summary>What docs/compute.md says of threads.</summary>
public sealed class ThreadSafetyTests
{
    private static readonly ParallelOptions s_eight = new() { MaxDegreeOfParallelism = 8 };

    [Fact]
    public void An_operator_may_be_called_for_the_first_time_by_several_threads_at_once()
    {
        foreach (var name in new[] { "aten::sin", "aten::cos", "aten::tan", "aten::sinh", "aten::cosh", "aten::tanh" })
        {
            var shared = new Operator(name);
            using var gate = new Barrier(4);
            Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
            {
                using var scope = new TensorScope();
                gate.SignalAndWait(TimeSpan.FromSeconds(10));
                Assert.Equal([3L], shared.Call(Tensor.Zeros([3])).Shape);
            });
        }
    }

    [Fact]
    public void A_tensor_may_be_read_by_several_threads()
    {
        using var weight = Tensor.Full([32, 32], 0.5);
        weight.RequiresGrad = true;

        Parallel.For(1, 200, s_eight, i =>
        {
            using var scope = new TensorScope();
            var x = Tensor.Full([4, 32], i);
            var y = x.MatMul(weight);
            Assert.Equal(i * 16f, y.Slice(0, 0, 1).Slice(1, 0, 1).Item());
            Assert.Equal([32L, 32], weight.Shape);
            Assert.Equal(ScalarType.Float32, weight.DType);
        });
    }

    [Fact]
    public void Graphs_of_their_own_may_be_differentiated_at_once()
    {
        Parallel.For(1, 100, s_eight, i =>
        {
            using var scope = new TensorScope();
            var x = Tensor.Full([16], i);
            x.RequiresGrad = true;
            (x * x).Sum().Backward();
            Assert.All(x.Grad!.ToArray<float>(), slope => Assert.Equal(2f * i, slope));
        });
    }

    [Fact]
    public void An_error_on_one_thread_is_not_that_of_another()
    {
        Parallel.For(1, 200, s_eight, i =>
        {
            using var scope = new TensorScope();
            var error = Assert.Throws<TorchException>(() => Tensor.Zeros([2, i]).MatMul(Tensor.Zeros([i + 1, 3])));
            Assert.Contains($"(2x{i} and {i + 1}x3)", error.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_scope_is_closed_and_kept_from_on_its_own_thread_only()
    {
        var scope = new TensorScope();
        var tensor = Tensor.Zeros([1]);

        OnAnotherThread(() => Assert.Throws<InvalidOperationException>(scope.Dispose));
        OnAnotherThread(() => Assert.Throws<InvalidOperationException>(() => tensor.Keep()));
        OnAnotherThread(() => Assert.Equal(0, tensor.Item()));

        scope.Dispose();
        Assert.Throws<ObjectDisposedException>(() => tensor.Item());
    }

    [Fact]
    public void Scopes_are_closed_in_order()
    {
        var outer = new TensorScope();
        var inner = new TensorScope();

        Assert.Throws<InvalidOperationException>(outer.Dispose);

        inner.Dispose();
        outer.Dispose();
    }

    private static void OnAnotherThread(Action action)
    {
        Exception? thrown = null;
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception e)
            {
                thrown = e;
            }
        });
        thread.Start();
        thread.Join();
        Assert.Null(thrown);
    }
}
