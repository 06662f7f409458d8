using ParallelR1.Torch;

namespace ParallelR1.Tests.Torch;

public sealed class RuntimeTests
{
    [Fact]
    public void Null_references_are_exceptions_also_after_libtorch_is_loaded()
    {
        Assert.NotEmpty(Runtime.Version);

        string?[] texts = [null];
        Assert.Throws<NullReferenceException>(() => texts[0]!.Length);
    }

    /// <summary>On processors with matrix units their registers are part of what a signal leaves on the stack of .NET's handler.</summary>
    [Fact]
    public void Null_references_are_exceptions_also_on_a_thread_that_used_the_matrix_units()
    {
        Exception? caught = null;
        var thread = new Thread(() =>
        {
            using var scope = new TensorScope();
            var x = Tensor.Full([256, 512], 0.5, ScalarType.BFloat16);
            x.MatMul(x.Transpose(0, 1)).Sum().Item();
            string?[] texts = [null];
            caught = Record.Exception(() => texts[0]!.Length);
        });
        thread.Start();
        thread.Join();

        Assert.IsType<NullReferenceException>(caught);
    }
}
