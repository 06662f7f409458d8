namespace ParallelR1.Torch;

/// <summary>Turns the recording of gradients off or on, on this thread, until it is disposed.</summary>
public readonly struct GradMode : IDisposable
{
    private readonly int _before;

    private GradMode(int value)
    {
        _before = NativeMethods.pr1_grad_enabled();
        NativeMethods.pr1_set_grad_enabled(value);
    }

    /// <summary>Turns recording off.</summary>
    /// <returns>The mode; disposing it restores the previous one.</returns>
    public static GradMode Off() => new(0);

    /// <summary>Turns recording on.</summary>
    /// <returns>The mode; disposing it restores the previous one.</returns>
    public static GradMode On() => new(1);

    /// <summary>Restores the previous mode.</summary>
    public void Dispose() => NativeMethods.pr1_set_grad_enabled(_before);
}
