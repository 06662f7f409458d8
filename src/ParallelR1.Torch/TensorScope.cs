namespace ParallelR1.Torch;

/// <summary>
/// Frees the tensors that were created inside it on this thread, except those that were taken out with <see cref="Tensor.Keep"/>. Scopes
/// nest; a scope belongs to the thread that opened it.
/// </summary>
public sealed class TensorScope : IDisposable
{
    private const int Crowd = 1024;

    [ThreadStatic]
    private static TensorScope? t_current;

    private readonly TensorScope? _parent = t_current;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly List<Tensor> _tensors = [];
    private int _crowded = Crowd;

    /// <summary>Opens a scope on this thread.</summary>
    public TensorScope() => t_current = this;

    internal static TensorScope? Current => t_current;

    internal TensorScope? Parent => _parent;

    /// <summary>Frees the scope's tensors and closes it.</summary>
    /// <exception cref="InvalidOperationException">An inner scope is still open, or another thread opened this one.</exception>
    public void Dispose()
    {
        if (t_current != this)
            throw new InvalidOperationException("A tensor scope was closed out of order, or on another thread than it was opened on.");
        t_current = _parent;
        foreach (var tensor in _tensors)
        {
            if (tensor.Scope == this)
                tensor.Dispose();
        }

        _tensors.Clear();
    }

    internal void Add(Tensor tensor)
    {
        if (_tensors.Count == _crowded)
        {
            // A scope around a long loop must not keep references to tensors that the loop has freed.
            _tensors.RemoveAll(t => t.Scope != this || t.IsDisposed);
            _crowded = Math.Max(Crowd, 2 * _tensors.Count);
        }

        _tensors.Add(tensor);
    }

    internal void CheckThread()
    {
        if (_thread != Environment.CurrentManagedThreadId)
            throw new InvalidOperationException("A tensor was kept from another thread than the one that its scope was opened on.");
    }
}
