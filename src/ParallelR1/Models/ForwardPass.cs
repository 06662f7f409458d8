using ParallelR1.Torch;

namespace ParallelR1.Models;

/// <summary>
/// A recorded forward pass. <see cref="Hidden"/> is detached from the graph: a loss may be computed from it in pieces, and the
/// sum of the pieces' gradients is propagated once by <see cref="Backward"/>.
/// </summary>
internal sealed class ForwardPass : IDisposable
{
    private readonly Decoder _decoder;
    private readonly PackedBatch _batch;
    private readonly TensorScope _scope = new();
    private readonly (Tensor Cosine, Tensor Sine) _rotary;
    private readonly Tensor[] _inputs; // of each layer, when they are computed again
    private readonly Tensor _output; // without a history where nothing below it is trained
    private readonly Tensor? _last; // the last layer's output, cut off, when layers are computed again

    internal ForwardPass(Decoder decoder, PackedBatch batch, bool recompute)
    {
        _decoder = decoder;
        _batch = batch;
        _inputs = new Tensor[recompute ? decoder.Config.Layers : 0];
        try
        {
            _rotary = decoder.Rotary(batch.Positions.Span);
            var x = Layers(decoder.Embed(batch.Ids));
            if (recompute)
                x = _last = Leaf(x);
            _output = decoder.FinalNorm(x);
            Hidden = _output.Detach();
        }
        catch
        {
            _scope.Dispose();
            throw;
        }
    }

    /// <summary>Gets the hidden states after the final norm [tokens, hidden size], detached.</summary>
    public Tensor Hidden { get; }

    /// <summary>Accumulates the gradients of the trainable parameters, given the gradient of <see cref="Hidden"/>.</summary>
    public void Backward(Tensor gradient)
    {
        if (_output.RequiresGrad)
            _output.Backward(gradient);
        if (_last is null)
            return;
        var slope = _last.Grad!;
        for (var layer = _inputs.Length - 1; layer >= 0; layer--)
        {
            using var scope = new TensorScope();
            var input = Leaf(_inputs[layer]);
            _decoder.Layer(layer, input, _rotary, new PackedAttention(_batch, _decoder.Exact)).Backward(slope);
            slope = input.Grad!.Keep();
        }

        if (_inputs[0].RequiresGrad)
            _inputs[0].Backward(slope);
    }

    /// <summary>Frees the recorded tensors.</summary>
    public void Dispose() => _scope.Dispose();

    private Tensor Layers(Tensor x)
    {
        var attention = new PackedAttention(_batch, _decoder.Exact);
        for (var layer = 0; layer < _decoder.Config.Layers; layer++)
        {
            if (_inputs.Length == 0)
            {
                x = _decoder.Layer(layer, x, _rotary, attention);
                continue;
            }

            using var mode = GradMode.Off();
            _inputs[layer] = x;
            x = _decoder.Layer(layer, x, _rotary, attention);
        }

        return x;
    }

    private static Tensor Leaf(Tensor x)
    {
        var leaf = x.Detach();
        leaf.RequiresGrad = true;
        return leaf;
    }
}
