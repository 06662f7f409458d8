namespace ParallelR1.Torch;

/// <summary>
/// A tensor of libtorch. Several threads may read one at the same time; changing one while another thread uses it is not safe.
/// Freed by <see cref="Dispose"/>, by the <see cref="TensorScope"/> in which it was created, or, as a last resort, by the garbage collector.
/// </summary>
public sealed partial class Tensor : IDisposable
{
    private nint _handle;

    private Tensor(nint handle)
    {
        _handle = handle;
        Scope = TensorScope.Current;
        Scope?.Add(this);
    }

    /// <summary>Frees a tensor that was not disposed.</summary>
    ~Tensor() => Free();

    internal TensorScope? Scope { get; private set; }

    internal bool IsDisposed => _handle == 0;

    internal nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle == 0, this);
            return _handle;
        }
    }

    /// <summary>Gets the size of each dimension.</summary>
    public unsafe long[] Shape
    {
        get
        {
            var dimensions = NativeMethods.pr1_tensor_dimensions(Handle);
            var sizes = new long[dimensions >= 0 ? dimensions : throw new TorchException($"shape: {NativeMethods.LastError()}")];
            fixed (long* p = sizes)
                NativeMethods.pr1_tensor_sizes(Handle, p);
            GC.KeepAlive(this);
            return sizes;
        }
    }

    /// <summary>Gets the number of elements.</summary>
    public long Count
    {
        get
        {
            var count = 1L;
            foreach (var size in Shape)
                count *= size;
            return count;
        }
    }

    /// <summary>Gets the element type.</summary>
    public ScalarType DType
    {
        get
        {
            var type = NativeMethods.pr1_tensor_dtype(Handle);
            GC.KeepAlive(this);
            return (ScalarType)type;
        }
    }

    /// <summary>Gets the device.</summary>
    public Device Device
    {
        get
        {
            NativeMethods.Check(NativeMethods.pr1_tensor_device(Handle, out var type, out var index), "device");
            GC.KeepAlive(this);
            return type switch
            {
                0 => Device.Cpu,
                1 => Device.Cuda(index),
                _ => new Device(Device.TypeName(type), index),
            };
        }
    }

    /// <summary>Frees the tensor.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    /// <summary>Moves the tensor from its scope to the enclosing one, or to none.</summary>
    /// <returns>The tensor itself.</returns>
    /// <exception cref="InvalidOperationException">The scope belongs to another thread.</exception>
    public Tensor Keep()
    {
        Scope?.CheckThread();
        Scope = Scope?.Parent;
        Scope?.Add(this);
        return this;
    }

    /// <summary>Removes the tensor from all scopes; the caller must dispose it.</summary>
    /// <returns>The tensor itself.</returns>
    public Tensor Own()
    {
        Scope = null;
        return this;
    }

    /// <summary>Returns element type and shape, such as <c>float32[2, 3]</c>.</summary>
    public override string ToString() =>
        _handle == 0 ? "disposed" : $"{DType.ToString().ToLowerInvariant()}[{string.Join(", ", Shape)}]{(Device == Device.Cpu ? "" : $" on {Device}")}";

    internal static Tensor FromHandle(nint handle, string what) =>
        handle == 0 ? throw new TorchException($"{what}: returned an undefined tensor") : new Tensor(handle);

    /// <summary>Throws if a call failed, naming this tensor; keeps the tensor alive until after the call.</summary>
    private void Check(int status, string what)
    {
        if (status != 0)
            throw new TorchException($"{what} of {this}: {NativeMethods.LastError()}");
        GC.KeepAlive(this);
    }

    private void Free()
    {
        var handle = Interlocked.Exchange(ref _handle, 0);
        if (handle != 0)
            NativeMethods.pr1_tensor_free(handle);
    }
}
