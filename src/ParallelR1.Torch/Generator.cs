namespace ParallelR1.Torch;

/// <summary>
/// A random number generator of libtorch, for operators with a <c>generator</c> argument. Only one thread at a time may draw from it, since
/// the order of draws decides the values. Parallel-R1 itself uses only <c>RandomKey</c>.
/// </summary>
public sealed class Generator : IDisposable
{
    private nint _handle;

    /// <summary>Initializes a generator with a seed.</summary>
    /// <param name="seed">The seed. Equal seeds give equal draws with the same libtorch and the same kind of device.</param>
    /// <param name="device">The device of the tensors that it fills; null for the CPU.</param>
    /// <exception cref="TorchException">libtorch has no such device, or no generator for it.</exception>
    public Generator(ulong seed, Device? device = null)
    {
        Device = device ?? Device.Cpu;
        NativeMethods.Check(NativeMethods.pr1_generator_new(Device.ToString(), seed, out _handle), $"a generator for {Device}");
    }

    /// <summary>Frees a generator that was not disposed.</summary>
    ~Generator() => Free();

    /// <summary>Gets the device of the tensors that it fills.</summary>
    public Device Device { get; }

    /// <summary>Gets or sets the last seed; setting it restarts the generator.</summary>
    public ulong Seed
    {
        get
        {
            NativeMethods.Check(NativeMethods.pr1_generator_seed(Handle, out var seed), $"seed of {this}");
            GC.KeepAlive(this);
            return seed;
        }
        set
        {
            NativeMethods.Check(NativeMethods.pr1_generator_set_seed(Handle, value), $"seed of {this}");
            GC.KeepAlive(this);
        }
    }

    internal nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle == 0, this);
            return _handle;
        }
    }

    /// <summary>Gets the current state, to resume from it with <see cref="SetState"/>.</summary>
    public byte[] GetState()
    {
        NativeMethods.Check(NativeMethods.pr1_generator_state(Handle, out var handle), $"state of {this}");
        GC.KeepAlive(this);
        using var state = Tensor.FromHandle(handle, "state");
        return state.ToArray<byte>();
    }

    /// <summary>Restores a state from <see cref="GetState"/>, of the same kind of device and the same libtorch.</summary>
    /// <param name="state">The state.</param>
    /// <exception cref="TorchException">The bytes are not a valid state.</exception>
    public void SetState(ReadOnlySpan<byte> state)
    {
        using var tensor = Tensor.From(state, ScalarType.UInt8, state.Length);
        NativeMethods.Check(NativeMethods.pr1_generator_set_state(Handle, tensor.Handle), $"state of {this} ({state.Length} bytes)");
        GC.KeepAlive(this);
    }

    /// <summary>Returns a description with the device, such as <c>generator on cpu</c>.</summary>
    public override string ToString() => $"generator on {Device}";

    /// <summary>Frees the generator.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        var handle = Interlocked.Exchange(ref _handle, 0);
        if (handle != 0)
            NativeMethods.pr1_generator_free(handle);
    }
}
