namespace ParallelR1.Torch;

/// <summary>Automatic differentiation.</summary>
public sealed partial class Tensor
{
    private static readonly Operator s_detach = new("aten::detach");

    /// <summary>Whether operations on this tensor are recorded.</summary>
    public bool RequiresGrad
    {
        get => NativeMethods.pr1_tensor_requires_grad(Handle) != 0;
        set => NativeMethods.Check(NativeMethods.pr1_tensor_set_requires_grad(Handle, value ? 1 : 0), $"requires_grad of {this}");
    }

    /// <summary>The gradient gathered so far; null where there is none. Setting null clears it.</summary>
    public Tensor? Grad
    {
        get
        {
            NativeMethods.Check(NativeMethods.pr1_tensor_grad(Handle, out var grad), $"gradient of {this}");
            return grad == 0 ? null : FromHandle(grad, "gradient");
        }
        set => NativeMethods.Check(NativeMethods.pr1_tensor_set_grad(Handle, value?.Handle ?? 0), $"gradient of {this}");
    }

    /// <summary>Adds the gradients of this tensor to the leaves; <paramref name="gradient"/> may be left out for a scalar.</summary>
    public void Backward(Tensor? gradient = null) =>
        NativeMethods.Check(NativeMethods.pr1_tensor_backward(Handle, gradient?.Handle ?? 0), $"backward of {this}");

    /// <summary>The same values without their history.</summary>
    public Tensor Detach() => s_detach.Call(this);
}
