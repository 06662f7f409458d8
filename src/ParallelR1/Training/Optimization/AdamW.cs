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

    /// <param name="parameters">Leaves that require gradients, by name.</param>
    /// <param name="options">Betas, epsilon, weight decay, clipping.</param>
    /// <param name="weightDecay">The weight decay of a parameter; null: the options' for all.</param>
    public AdamW(IEnumerable<KeyValuePair<string, Tensor>> parameters, OptimizerOptions options, Func<string, double>? weightDecay = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options.Require(options);
        _options = options;
        _states = [.. parameters.Select(p => new ParameterState(p.Key, p.Value, weightDecay?.Invoke(p.Key) ?? options.WeightDecay))];
    }

    /// <summary>Steps made so far.</summary>
    public int Steps { get; private set; }

    /// <summary>Takes the gradients that a backward pass left at the parameters and adds them to the step's sum.</summary>
    public void Accumulate()
    {
        foreach (var state in _states)
            state.Accumulate();
    }

    /// <summary>
    /// Clips the summed gradients, makes one step and clears them. A parameter without a gradient is treated as having a zero gradient: weight
    /// decay and the moments still change it. A gradient norm that is not finite skips the step.
    /// </summary>
    /// <param name="learningRate">The learning rate of this step.</param>
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

    /// <summary>The state as named tensors: <c>exp_avg.NAME</c>, <c>exp_avg_sq.NAME</c> and, where there is one, <c>master.NAME</c>.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> State() => _states.SelectMany(state => state.Tensors());

    /// <summary>Takes over a saved state.</summary>
    /// <param name="steps">Steps made when it was saved.</param>
    /// <param name="tensor">The saved tensor of a name.</param>
    public void Restore(int steps, Func<string, Tensor> tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Steps = steps;
        using var scope = new TensorScope();
        using var mode = GradMode.Off();
        foreach (var state in _states)
            state.Restore(tensor);
    }

    /// <summary>Frees the state.</summary>
    public void Dispose()
    {
        foreach (var state in _states)
            state.Dispose();
    }
}

/// <summary>What an optimizer step saw.</summary>
/// <param name="GradNorm">Euclidean norm over all gradients together, before clipping.</param>
/// <param name="ClipCoefficient">What the gradients were multiplied with.</param>
/// <param name="Skipped">The norm was not finite, so nothing was changed.</param>
public readonly record struct GradientStep(double GradNorm, double ClipCoefficient, bool Skipped);
