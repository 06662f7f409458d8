using ParallelR1.Torch;

namespace ParallelR1.Tests.Torch;

/// <summary>What goes through a boxed call, and what a wrong call says.</summary>
public sealed class OperatorTests
{
    [Fact]
    public void Arguments_that_are_left_out_take_the_schemas_defaults()
    {
        using var scope = new TensorScope();
        var x = Tensor.From([3f, 1, 2], 3);

        var sorted = new Operator("aten::sort").CallMany(x);
        var falling = new Operator("aten::sort").CallMany(x, Argument.Named("descending", true));

        Assert.Equal([1f, 2, 3], sorted[0]!.ToArray<float>());
        Assert.Equal([1L, 2, 0], sorted[1]!.ToArray<long>());
        Assert.Equal([3f, 2, 1], falling[0]!.ToArray<float>());
    }

    [Fact]
    public void Numbers_become_what_the_schema_asks_for()
    {
        using var scope = new TensorScope();
        var x = Tensor.From([1f, 2, 3, 4], 1, 1, 2, 2);

        Assert.Equal([0.5f, 1, 1.5f, 2], new Operator("aten::mul.Scalar").Call(x, 0.5).ToArray<float>());
        Assert.Equal([2f, 4, 6, 8], new Operator("aten::mul.Scalar").Call(x, 2).ToArray<float>());
        Assert.Equal([1f, 4, 9, 16], new Operator("aten::pow.Tensor_Scalar").Call(x, 2).ToArray<float>());
        Assert.Equal([1f, 2, 3, 4], new Operator("aten::dropout").Call(x, 0, 0).ToArray<float>());
        Assert.Equal([2L], new Operator("aten::argmax").Call(Tensor.From([1f, 2, 5], 3), Argument.Named("keepdim", true)).ToArray<long>());
    }

    [Fact]
    public void Lists_of_numbers_of_truth_values_and_of_tensors_go_through()
    {
        using var scope = new TensorScope();
        var x = Tensor.From([1f, 2, 3, 4], 1, 1, 2, 2);
        var wide = new Operator("aten::upsample_nearest2d.vec").Call(x, Argument.None, new[] { 2.0, 1.0 });
        var slopes = new Operator("aten::native_layer_norm_backward").CallMany(
            x, x, new[] { 2L }, Tensor.Zeros([1, 1, 2, 1]), Tensor.Full([1, 1, 2, 1], 1), Argument.None, Argument.None, new[] { true, false, false });
        var picked = new Operator("aten::index.Tensor").Call(x.Reshape(2, 2), new Tensor[] { null!, Tensor.From([1L], 1) });

        Assert.Equal([1L, 1, 4, 2], wide.Shape);
        Assert.Equal([true, false, false], slopes.Select(slope => slope is not null));
        Assert.Equal([2f, 4], picked.ToArray<float>());
    }

    [Fact]
    public void Results_of_any_number_and_kind_come_back()
    {
        using var scope = new TensorScope();
        var rows = new Operator("aten::unbind.int").CallMany(Tensor.Arange(0, 300));

        Assert.Equal(300, rows.Length);
        Assert.Equal(299, rows[299]!.Item());
        Assert.Equal((1L << 62) + 1, new Operator("aten::size.int").Call(Tensor.Empty([(1L << 62) + 1, 0], device: new Device("meta")), 0).ToArray<long>()[0]);
        Assert.True(new Operator("aten::equal").Call(rows[0]!, rows[0]!).ToArray<bool>()[0]);
        Assert.Empty(new Operator("aten::_assert_async").CallMany(Tensor.From([true], 1)));
    }

    [Fact]
    public void One_result_was_expected_and_there_are_more() =>
        Refused("aten::sort: returned 2 tensors where one was expected", () => new Operator("aten::sort").Call(Tensor.Zeros([2])));

    [Fact]
    public void An_unknown_operator_is_named_with_the_version() =>
        Refused($"aten::no_such_thing: libtorch {Runtime.Version} has no operator aten::no_such_thing", () => new Operator("aten::no_such_thing").Call());

    [Theory]
    [InlineData("aten::add", "has no operator aten::add; it has")]
    [InlineData("aten::add", "aten::add.Tensor")]
    [InlineData("aten::add.Nothing", "aten::add.Tensor")]
    [InlineData("aten::mm.Tensor", "has no operator aten::mm.Tensor; it has aten::mm")]
    [InlineData("mm", "has no operator mm")]
    [InlineData("::", "has no operator ::")]
    public void A_wrong_overload_is_answered_with_those_that_are_there(string name, string said)
    {
        using var scope = new TensorScope();
        Refused(said, () => new Operator(name).Call(Tensor.Zeros([1]), Tensor.Zeros([1])));
    }

    [Fact]
    public void A_missing_argument_is_named_with_the_schema()
    {
        using var scope = new TensorScope();
        var x = Tensor.Zeros([2, 2]);

        Refused("needs the argument 'mat2'; the schema is aten::mm(Tensor self, Tensor mat2)", () => new Operator("aten::mm").Call(x));
        Refused("needs the argument 'self'", () => new Operator("aten::mm").Call(Argument.Named("mat2", x)));
        Refused("needs the argument 'self'", () => new Operator("aten::mm").Call());
    }

    [Fact]
    public void Too_many_unknown_and_repeated_arguments_are_refused()
    {
        using var scope = new TensorScope();
        var x = Tensor.Zeros([2, 2]);

        Refused("takes 2 arguments at most", () => new Operator("aten::mm").Call(x, x, 3));
        Refused("has no argument 'other'", () => new Operator("aten::mm").Call(x, Argument.Named("other", x)));
        Refused("the argument 'self' is given twice", () => new Operator("aten::mm").Call(x, Argument.Named("self", x)));
    }

    [Fact]
    public void An_argument_of_a_wrong_kind_is_named_with_both_kinds()
    {
        using var scope = new TensorScope();
        var x = Tensor.Zeros([2, 2]);

        Refused("'mat2' is Tensor, not an integer", () => new Operator("aten::mm").Call(x, 2));
        Refused("'mat2' is Tensor, not none", () => new Operator("aten::mm").Call(x, Argument.None));
        Refused("'mat2' is Tensor, not a list of tensors", () => new Operator("aten::mm").Call(x, new[] { x }));
        Refused("'dim0' is int, not a tensor", () => new Operator("aten::transpose.int").Call(x, x, 1));
        Refused("'dim0' is int, not a number", () => new Operator("aten::transpose.int").Call(x, 0.5, 1));
        Refused("'dim0' is int, not a text", () => new Operator("aten::transpose.int").Call(x, "0", 1));
        Refused("'p' is float, not a truth value", () => new Operator("aten::dropout").Call(x, true, true));
        Refused("'train' is bool, not a number", () => new Operator("aten::dropout").Call(x, 0.5, 0.5));
        Refused("not an integer", () => new Operator("aten::reshape").Call(x, 4));
        Refused("not a list of numbers", () => new Operator("aten::reshape").Call(x, new[] { 4.0 }));
        Refused("'tensors' is Tensor[], not a tensor", () => new Operator("aten::cat").Call(x));
        Refused("element 1 of the list of tensors is none", () => new Operator("aten::cat").Call(new Tensor[] { x, null! }));
        Refused("not an integer", () => new Operator("aten::randn.generator").Call(new[] { 2L }, 7));
    }

    [Fact]
    public void An_unknown_device_and_one_that_is_not_here_are_named()
    {
        Refused("pudding", () => Tensor.Zeros([1], device: new Device("pudding")));
        if (Runtime.CudaDevices == 0)
            Refused("device='cuda:0'", () => Tensor.Zeros([1], device: Device.Cuda()));
    }

    [Fact]
    public void A_shape_that_no_memory_holds_is_an_error()
    {
        Refused("[1125899906842624]", () => Tensor.Zeros([1L << 50]));
        Refused("[4611686018427387904, 4611686018427387904]", () => Tensor.Zeros([1L << 62, 1L << 62]));
        Refused("-1", () => Tensor.Zeros([-1]));
        Refused("int32[-4]", () => Tensor.From([1], -4));
        Refused("99", () => Tensor.From(new byte[4], (ScalarType)99, 1));
    }

    [Fact]
    public void An_error_of_an_operator_of_ours_names_shapes_and_types()
    {
        using var scope = new TensorScope();
        var x = Tensor.Zeros([2, 3]);

        Refused("parallelr1::rms_norm(float32[2, 3], bfloat16[3], 0.1): rms_norm:", () => new Operator("parallelr1::rms_norm").Call(x, Tensor.Zeros([3], ScalarType.BFloat16), 0.1));
        Refused("float32[2, 3] on meta", () => new Operator("parallelr1::rms_norm").Call(x.To(new Device("meta")), Tensor.Zeros([2]), 0.1));
    }

    [Fact]
    public void Errors_of_autograd_name_the_tensor()
    {
        using var scope = new TensorScope();
        var x = Tensor.From([1f, 2], 2);
        Refused("backward of float32[]", () => x.Sum().Backward());
        Refused("requires_grad of int64[2]", () => Tensor.From([1L, 2], 2).RequiresGrad = true);

        x.RequiresGrad = true;
        Refused("backward of float32[2]", () => (x * x).Backward());
        Refused("float32[3] as the gradient of float32[2]", () => x.Grad = Tensor.Zeros([3]));
        var loss = (x * x).Sum();
        loss.Backward();
        Refused("second time", () => loss.Backward());
    }

    private static void Refused(string said, Action call) =>
        Assert.Contains(said, Assert.Throws<TorchException>(call).Message, StringComparison.Ordinal);

    private static void Refused(string said, Func<object> call) => Refused(said, () => { _ = call(); });
}
