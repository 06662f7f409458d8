namespace ParallelR1.Torch;

/// <summary>Automatic differentiation.</summary>
public sealed partial class Tensor
{
    private static readonly Operator s_detach = new("aten::detach");

    /// <summary>Whether operations on this tensor are recorded.</summary>
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

    /// <summary>The gradient gathered so far; null where there is none. Setting null clears it.</summary>
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

    /// <summary>Adds the gradients of this tensor to the leaves; <paramref name="gradient"/> may be left out for a scalar.</summary>
    /// <exception cref="TorchException">Nothing was recorded, it was used up already, or no gradient is given for what is no scalar.</exception>
    public void Backward(Tensor? gradient = null)
    {
        Check(NativeMethods.pr1_tensor_backward(Handle, gradient?.Handle ?? 0), "backward");
        GC.KeepAlive(gradient);
    }

    /// <summary>The same values without their history.</summary>
    public Tensor Detach() => s_detach.Call(this);
}
