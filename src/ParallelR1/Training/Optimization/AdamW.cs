using ParallelR1.Torch;

namespace ParallelR1.Training.Optimization;

/// <summary>
/// AdamW (Loshchilov, Hutter 2019) with gradient clipping by the global norm, in the order of operations of
/// <c>torch.optim.AdamW</c>. Parameters of lower precision keep an f32 master copy, and their gradients are summed in f32.
/// </summary>
public sealed class AdamW : IDisposable
{
    private readonly OptimizerOptions _options;
    private readonly List<ParameterState> _states;

    /// <summary>Initializes the optimizer.</summary>
    /// <param name="parameters">The parameters by name: leaf tensors that require gradients.</param>
    /// <param name="options">Betas, epsilon, weight decay and gradient clipping.</param>
    /// <param name="weightDecay">Gets the weight decay of a parameter from its name; null to use that of <paramref name="options"/> for all.</param>
    /// <exception cref="UsageException">The options are inconsistent.</exception>
    public AdamW(IEnumerable<KeyValuePair<string, Tensor>> parameters, OptimizerOptions options, Func<string, double>? weightDecay = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options.Require(options);
        _options = options;
        _states = [.. parameters.Select(p => new ParameterState(p.Key, p.Value, weightDecay?.Invoke(p.Key) ?? options.WeightDecay))];
    }

    /// <summary>Gets the number of steps made so far, without skipped ones.</summary>
    public int Steps { get; private set; }

    /// <summary>Moves the gradients that a backward pass left at the parameters to the sum of the step.</summary>
    public void Accumulate()
    {
        foreach (var state in _states)
            state.Accumulate();
    }

    /// <summary>
    /// Clips the summed gradients, makes one step and clears them. A parameter without a gradient is treated as having a zero gradient: weight
    /// decay and the moments still change it. If the gradient norm is not finite, the step is skipped.
    /// </summary>
    /// <param name="learningRate">The learning rate of this step.</param>
    /// <returns>Gradient norm, clip coefficient and whether the step was skipped.</returns>
    public GradientStep Step(double learningRate)
    {
        Accumulate();
        using var scope = new TensorScope();
        using var mode = GradMode.Off();
        var norm = Math.Sqrt(_states.Sum(state => state.SquaredNorm()));
        var clip = _options.MaxGradNorm is { } limit ? Math.Min(1, limit / (norm + 1e-6)) : 1;
        var finite = double.IsFinite(norm);
        if (finite)
        {
            Steps++;
            foreach (var state in _states)
                state.Update(_options, Steps, learningRate, clip);
        }

        foreach (var state in _states)
            state.Clear();
        return new GradientStep(norm, clip, Skipped: !finite);
    }

    /// <summary>Gets the state as named tensors: <c>exp_avg.NAME</c>, <c>exp_avg_sq.NAME</c> and, for parameters below f32, <c>master.NAME</c>.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> State() => _states.SelectMany(state => state.Tensors());

    /// <summary>Restores a saved state.</summary>
    /// <param name="steps">Number of steps made when the state was saved.</param>
    /// <param name="tensor">Gets the saved tensor of a name.</param>
    public void Restore(int steps, Func<string, Tensor> tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Steps = steps;
        using var scope = new TensorScope();
        using var mode = GradMode.Off();
        foreach (var state in _states)
            state.Restore(tensor);
    }

    /// <summary>Releases the state.</summary>
    public void Dispose()
    {
        foreach (var state in _states)
            state.Dispose();
    }
}

/// <summary>Gradient statistics of an optimizer step.</summary>
/// <param name="GradNorm">Euclidean norm over all gradients together, before clipping.</param>
/// <param name="ClipCoefficient">Factor that the gradients were multiplied by.</param>
/// <param name="Skipped">Whether the step was skipped, without any change, because the norm was not finite.</param>
public readonly record struct GradientStep(double GradNorm, double ClipCoefficient, bool Skipped);
