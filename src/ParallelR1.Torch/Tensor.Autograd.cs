namespace ParallelR1.Torch;

/// <summary>Automatic differentiation.</summary>
public sealed partial class Tensor
{
    private static readonly Operator s_detach = new("aten::detach");

    /// <summary>Gets or sets whether operations on this tensor are recorded for gradients.</summary>
    public bool RequiresGrad
    {
        get
        {
            var value = NativeMethods.pr1_tensor_requires_grad(Handle) != 0;
            GC.KeepAlive(this);
            return value;
        }
        set => Check(NativeMethods.pr1_tensor_set_requires_grad(Handle, value ? 1 : 0), "requires_grad");
    }

    /// <summary>Gets or sets the gradient accumulated so far; null if there is none. Setting null clears it.</summary>
    public Tensor? Grad
    {
        get
        {
            Check(NativeMethods.pr1_tensor_grad(Handle, out var grad), "gradient");
            return grad == 0 ? null : FromHandle(grad, "gradient");
        }
        set
        {
            if (NativeMethods.pr1_tensor_set_grad(Handle, value?.Handle ?? 0) != 0)
                throw new TorchException($"{value} as the gradient of {this}: {NativeMethods.LastError()}");
            GC.KeepAlive(this);
            GC.KeepAlive(value);
        }
    }

    /// <summary>Adds the gradients of this tensor to the leaves of its graph.</summary>
    /// <param name="gradient">The gradient with respect to this tensor; may be null for a scalar.</param>
    /// <exception cref="TorchException">Nothing was recorded, the graph was already freed, or the tensor is not a scalar and no gradient is given.</exception>
    public void Backward(Tensor? gradient = null)
    {
        Check(NativeMethods.pr1_tensor_backward(Handle, gradient?.Handle ?? 0), "backward");
        GC.KeepAlive(gradient);
    }

    /// <summary>Returns a tensor with the same values, detached from the graph.</summary>
    public Tensor Detach() => s_detach.Call(this);
}
