namespace ParallelR1.Torch;

/// <summary>Switches the recording of gradients off (or on) on this thread until disposed.</summary>
public readonly struct GradMode : IDisposable
{
    private readonly int _before;

    private GradMode(int value)
    {
        _before = NativeMethods.pr1_grad_enabled();
        NativeMethods.pr1_set_grad_enabled(value);
    }

    /// <summary>No recording from here on.</summary>
    public static GradMode Off() => new(0);

    /// <summary>Recording from here on.</summary>
    public static GradMode On() => new(1);

    /// <summary>Back to what it was.</summary>
    public void Dispose() => NativeMethods.pr1_set_grad_enabled(_before);
}
