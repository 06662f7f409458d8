using ParallelR1.Models;
using ParallelR1.Tests.Generation;
using ParallelR1.Thinking;
using ParallelR1.Torch;

namespace ParallelR1.Tests.Torch.Operators;

/// <summary>
/// Our operators away from the CPU. libtorch's device without memory takes the way that a GPU takes, and refuses a tensor that was
/// made on another device, so that way is walked without a GPU; the values are those of the references, which other tests compare.
/// </summary>
public sealed class OtherDeviceTests
{
    private static readonly Device s_meta = new("meta");

    [Fact]
    public void The_device_has_its_name() => Assert.Equal("meta", Tensor.Empty([2], device: s_meta).Device.ToString());

    [Theory]
    [InlineData("rms_norm")]
    [InlineData("rotary")]
    [InlineData("swiglu")]
    public void Fused_operators_and_their_gradients_stay_on_the_device(string name)
    {
        foreach (var type in new[] { ScalarType.Float32, ScalarType.BFloat16 })
        {
            using var scope = new TensorScope();
            var (inputs, rest) = FusedOperatorTests.Case(name, RandomKey.FromSeed(1), type);
            Check(FusedOperatorTests.Call(name, rest), FusedOperatorTests.Call(name, Away(rest)), inputs);
        }
    }

    [Fact]
    public void Path_attention_and_its_gradients_stay_on_the_device()
    {
        using var scope = new TensorScope();
        var key = RandomKey.FromSeed(2);
        using var pack = RandomPack.Pack(key, 2, 10);

        var call = PathAttentionTests.Call(new Operator("parallelr1::path_attention"), pack);
        Check(call, call, PathAttentionTests.Inputs(key, pack.Length, ScalarType.BFloat16));
    }

    [Fact]
    public void Token_scores_and_their_gradient_stay_on_the_device()
    {
        using var scope = new TensorScope();
        var (logits, targets) = LossOperatorTests.Case(RandomKey.FromSeed(1), ScalarType.BFloat16, 7, 11);

        Check(LossOperatorTests.Call("token_scores", targets), LossOperatorTests.Call("token_scores", targets.To(s_meta)), [logits]);
    }

    [Fact]
    public void The_optimizer_stays_on_the_device()
    {
        using var scope = new TensorScope();
        var state = Away(OptimizerOperatorTests.State(RandomKey.FromSeed(1), ScalarType.Float32, 5));
        var gradient = Tensor.Empty([5], ScalarType.BFloat16, s_meta);

        OptimizerOperatorTests.Step(new Operator("parallelr1::adamw_"), state, gradient, Tensor.Empty([5], ScalarType.BFloat16, s_meta), 1);

        Assert.Equal(s_meta, new Operator("parallelr1::squared_norm").Call(gradient).Device);
    }

    [Fact]
    public void Attention_over_the_cache_stays_on_the_device()
    {
        using var scope = new TensorScope();
        var (keys, values) = (Tensor.Empty([3, 2, 4, 16], device: s_meta), Tensor.Empty([3, 2, 16, 4], device: s_meta));
        var (q, place) = (Tensor.Empty([2, 4, 4], device: s_meta), Tensor.From([1, 37], 2));
        var entry = Tensor.Empty([2, 2, 4], device: s_meta);

        new Operator("parallelr1::cache_append").CallMany(entry, entry, keys, values, place);
        var result = new Operator("parallelr1::cache_attention").Call(
            q, keys, values, Tensor.From([0, 2, 36, 2], 2, 2), Tensor.From([0, 1, 2], 3), 0.5);

        Assert.Equal((s_meta, "float32[2, 4, 4] on meta"), (result.Device, result.ToString()));
    }

    [Fact]
    public void A_decoders_layers_go_forward_and_back_on_the_device()
    {
        using var scope = new TensorScope();
        using var decoder = DecoderFiles.Create(RandomDecoder.Config(50), RandomKey.FromSeed(1), ScalarType.BFloat16, s_meta);
        using var pack = new PackedBatch(new TracePack(RandomPack.Traces(RandomKey.FromSeed(2), 2, 5)), s_meta);
        decoder.SetTrainable();

        // Not from the embedding on: libtorch has none on this device.
        var (x, rotary, attention) = (Tensor.Empty([pack.Length, 32], ScalarType.BFloat16, s_meta), decoder.Rotary(pack.Positions.Span), new PackedAttention(pack));
        for (var layer = 0; layer < decoder.Config.Layers; layer++)
            x = decoder.Layer(layer, x, rotary, attention);
        var logits = decoder.Logits(decoder.FinalNorm(x));
        logits.Backward(Tensor.Empty(logits.Shape, logits.DType, s_meta));

        Assert.Equal(s_meta, logits.Device);
        Assert.All(decoder.Parameters.Where(p => p.Key != "model.embed_tokens.weight"), p => Assert.Equal(p.Value.ToString(), p.Value.Grad!.ToString()));
    }

    [Fact]
    public void Arguments_on_different_devices_are_refused_before_memory_is_touched()
    {
        using var scope = new TensorScope();
        using var pack = RandomPack.Pack(RandomKey.FromSeed(2), 1, 5);
        var (x, y) = (Tensor.Zeros([3, 4]), Tensor.Empty([3, 4], device: s_meta));
        var (q, k) = (Tensor.Zeros([pack.Length, 2, 4]), Tensor.Empty([pack.Length, 2, 4], device: s_meta));
        var (keys, values) = (Tensor.Zeros([3, 2, 4, 16]), Tensor.Zeros([3, 2, 16, 4]));
        var (one, entry) = (Tensor.From([1], 1), Tensor.Zeros([1, 2, 4]));
        var (range, first) = (Tensor.From([0, 2], 1, 2), Tensor.From([0, 1], 2));

        Refused("rms_norm", x, y.Reshape(12).Slice(0, 0, 4), 1e-6);
        Refused("rotary", q, Tensor.Empty([pack.Length, 2], device: s_meta), Tensor.Zeros([pack.Length, 2]));
        Refused("swiglu", x, y);
        Refused("token_scores", x, Tensor.Empty([3], ScalarType.Int64, s_meta));
        Refused("path_attention", q, k, q, pack.Runs, pack.Ranges, pack.Traces, 1.0);
        Refused("cache_attention", entry, keys.To(s_meta), values.To(s_meta), range, first, 1.0);
        Refused("cache_attention", entry, keys, values.To(s_meta), range, first, 1.0);
        Refused("cache_append", entry, entry.To(s_meta), keys, values, one);
        Refused("adamw_", x, x, y, x, Argument.None, 1.0, 0.1, 0.9, 0.9, 1e-8, 0.0, 1);

        static void Refused(string name, params Argument[] arguments) => Assert.Contains(
            "must be on one device", Assert.Throws<TorchException>(() => new Operator($"parallelr1::{name}").CallMany(arguments)).Message, StringComparison.Ordinal);
    }

    private static Tensor[] Away(Tensor[] tensors) => Array.ConvertAll(tensors, tensor => tensor.To(s_meta));

    private static void Check(Func<Tensor[], Tensor> call, Func<Tensor[], Tensor> callAway, Tensor[] inputs)
    {
        var here = call(inputs);
        var away = Away(inputs);
        foreach (var input in away)
            input.RequiresGrad = true;
        var there = callAway(away);

        there.Backward(Tensor.Empty(there.Shape, there.DType, s_meta));

        Assert.Equal((here.DType, s_meta), (there.DType, there.Device));
        Assert.Equal(here.Shape, there.Shape);
        Assert.All(away, input => Assert.Equal((input.ToString(), s_meta), (input.Grad!.ToString(), input.Grad.Device)));
    }
}
