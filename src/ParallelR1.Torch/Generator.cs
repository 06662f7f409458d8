namespace ParallelR1.Torch;

/// <summary>
/// A source of random numbers of libtorch, for operators with an argument <c>generator</c>. One at a time may draw: its order of
/// draws decides the values. The product itself draws from <c>RandomKey</c> only.
/// </summary>
public sealed class Generator : IDisposable
{
    private nint _handle;

    /// <summary>A generator of its own, started from a seed.</summary>
    /// <param name="seed">Equal seeds give equal draws on one libtorch and one kind of device.</param>
    /// <param name="device">Where the tensors lie that it fills; the CPU unless said.</param>
    /// <exception cref="TorchException">libtorch has no such device, or no generator for it.</exception>
    public Generator(ulong seed, Device? device = null)
    {
        Device = device ?? Device.Cpu;
        NativeMethods.Check(NativeMethods.pr1_generator_new(Device.ToString(), seed, out _handle), $"a generator for {Device}");
    }

    /// <summary>Frees a generator that nobody disposed of.</summary>
    ~Generator() => Free();

    /// <summary>The device whose tensors it fills.</summary>
    public Device Device { get; }

    /// <summary>The seed it was started from last; setting one starts it anew.</summary>
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

    /// <summary>Where it stands, to continue from there later with <see cref="SetState"/>.</summary>
    public byte[] GetState()
    {
        NativeMethods.Check(NativeMethods.pr1_generator_state(Handle, out var handle), $"state of {this}");
        GC.KeepAlive(this);
        using var state = Tensor.FromHandle(handle, "state");
        return state.ToArray<byte>();
    }

    /// <summary>Goes on from a state that <see cref="GetState"/> gave, of the same kind of device and libtorch.</summary>
    /// <exception cref="TorchException">The bytes are no such state.</exception>
    public void SetState(ReadOnlySpan<byte> state)
    {
        using var tensor = Tensor.From(state, ScalarType.UInt8, state.Length);
        NativeMethods.Check(NativeMethods.pr1_generator_set_state(Handle, tensor.Handle), $"state of {this} ({state.Length} bytes)");
        GC.KeepAlive(this);
    }

    /// <summary>The device, such as <c>generator on cpu</c>.</summary>
    public override string ToString() => $"generator on {Device}";

    /// <summary>Frees it now.</summary>
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
