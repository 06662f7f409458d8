using ParallelR1.Torch;

namespace ParallelR1.Tests.Torch;

public sealed class TensorTests
{
    [Fact]
    public void Data_goes_in_and_comes_out()
    {
        using var scope = new TensorScope();
        var x = Tensor.From([1f, 2, 3, 4, 5, 6], 2, 3);

        Assert.Equal([2L, 3], x.Shape);
        Assert.Equal(ScalarType.Float32, x.DType);
        Assert.Equal([1f, 4, 2, 5, 3, 6], x.Transpose(0, 1).ToArray<float>());
        Assert.Equal(21, x.Sum().Item());
    }

    [Fact]
    public void Arguments_go_by_position_by_name_and_by_default()
    {
        using var scope = new TensorScope();
        var x = Tensor.From([1f, 2], 2);
        var y = new Operator("aten::add.Tensor").Call(x, x, Argument.Named("alpha", 2.5));

        Assert.Equal([3.5f, 7], y.ToArray<float>());
        Assert.Equal([0f, 0, 0], Tensor.Zeros([3]).ToArray<float>());
    }

    [Fact]
    public void Gradients_reach_the_leaves()
    {
        using var scope = new TensorScope();
        var x = Tensor.From([1f, 2, 3], 3);
        x.RequiresGrad = true;

        (x * x).Sum().Backward();

        Assert.Equal([2f, 4, 6], x.Grad!.ToArray<float>());
    }

    [Fact]
    public void An_error_names_the_operator_the_shapes_and_the_types()
    {
        using var scope = new TensorScope();
        var a = Tensor.Zeros([2, 3]);
        var b = Tensor.Zeros([2, 3], ScalarType.Float64);

        var error = Assert.Throws<TorchException>(() => a.MatMul(b));

        Assert.Contains("aten::matmul", error.Message, StringComparison.Ordinal);
        Assert.Contains("float32[2, 3]", error.Message, StringComparison.Ordinal);
        Assert.Contains("float64[2, 3]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_leaves_out_where_libtorch_registered_what()
    {
        using var scope = new TensorScope();

        var error = Assert.Throws<TorchException>(() => Tensor.Empty([2], device: new Device("meta")).To(Device.Cpu).Item());
        var missing = Assert.Throws<TorchException>(() => new Operator("aten::_cholesky_solve_helper").Call(Tensor.Empty([2, 2], device: new Device("meta")), Tensor.Empty([2, 2], device: new Device("meta")), true));

        Assert.Contains("float32[2] on meta", error.Message, StringComparison.Ordinal);
        Assert.Contains("aten::_cholesky_solve_helper", missing.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("registered at", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_operator_is_an_error_that_names_it() =>
        Assert.Contains("aten::no_such_thing", Assert.Throws<TorchException>(() => new Operator("aten::no_such_thing").Call()).Message, StringComparison.Ordinal);

    [Fact]
    public void An_unknown_argument_name_is_an_error_that_names_it()
    {
        using var scope = new TensorScope();
        var x = Tensor.Zeros([2]);

        var error = Assert.Throws<TorchException>(() => new Operator("aten::add.Tensor").Call(x, x, Argument.Named("beta", 1)));

        Assert.Contains("beta", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disposed_tensor_refuses_to_be_used()
    {
        var x = Tensor.Zeros([2]);
        x.Dispose();
        x.Dispose();

        Assert.Throws<ObjectDisposedException>(() => x.Sum());
    }

    [Fact]
    public void Every_element_type_makes_the_round_trip()
    {
        using var scope = new TensorScope();
        Assert.Equal([1.5, -2], Tensor.From([1.5, -2], 2).ToArray<double>());
        Assert.Equal([1, -2], Tensor.From([1, -2], 2).ToArray<int>());
        Assert.Equal([1L, -2], Tensor.From([1L, -2], 2).ToArray<long>());
        Assert.Equal([true, false], Tensor.From([true, false], 2).ToArray<bool>());
        Assert.Equal([1.5f, -2], Tensor.From([1.5f, -2], 2).To(ScalarType.BFloat16).To(ScalarType.Float32).ToArray<float>());
        Assert.Throws<TorchException>(() => Tensor.From([1f], 1).ToArray<int>());
        Assert.Throws<TorchException>(() => Tensor.From([1f], 2));
    }
}
