using ParallelR1.Torch;

namespace ParallelR1.Training.Optimization;

/// <summary>The optimizer state of one parameter: its moments, its gradient sum and, below f32, its master copy.</summary>
internal sealed class ParameterState : IDisposable
{
    private static readonly Operator s_squares = new("parallelr1::squared_norm");
    private static readonly Operator s_update = new("parallelr1::adamw_");

    private readonly string _name;
    private readonly Tensor _parameter;
    private readonly double _weightDecay;
    private readonly Tensor _value; // the master copy, or the parameter itself without history
    private readonly Tensor _mean;
    private readonly Tensor _square;
    private readonly bool _hasMaster;
    private Tensor? _gradient;

    public ParameterState(string name, Tensor parameter, double weightDecay)
    {
        using var scope = new TensorScope();
        using var mode = GradMode.Off();
        (_name, _parameter, _weightDecay) = (name, parameter, weightDecay);
        _hasMaster = parameter.DType is ScalarType.BFloat16 or ScalarType.Float16;
        _value = (_hasMaster ? parameter.To(ScalarType.Float32) : parameter.Detach()).Own();
        _mean = Tensor.Zeros(_value.Shape, _value.DType, _value.Device).Own();
        _square = Tensor.Zeros(_value.Shape, _value.DType, _value.Device).Own();
    }

    public void Accumulate()
    {
        using var scope = new TensorScope();
        using var mode = GradMode.Off();
        if (_parameter.Grad is not { } fresh)
            return;
        if (_gradient is null)
            _gradient = fresh.Detach().Own();
        else
            Add(fresh);
        _parameter.Grad = null;
    }

    public double SquaredNorm()
    {
        if (_gradient is null)
            return 0;
        using var scope = new TensorScope();
        return s_squares.Call(_gradient).Item();
    }

    public void Update(OptimizerOptions options, int step, double learningRate, double clip)
    {
        using var scope = new TensorScope();
        s_update.CallMany(_value, _mean, _square, _gradient ?? Tensor.Zeros(_value.Shape, _value.DType, _value.Device), _hasMaster ? _parameter.Detach() : Argument.None, clip, learningRate,
            options.Beta1, options.Beta2, options.Eps, _weightDecay, step);
    }

    public void Clear()
    {
        _gradient?.Dispose();
        _gradient = null;
    }

    public IEnumerable<KeyValuePair<string, Tensor>> Tensors()
    {
        yield return new($"exp_avg.{_name}", _mean);
        yield return new($"exp_avg_sq.{_name}", _square);
        if (_hasMaster)
            yield return new($"master.{_name}", _value);
    }

    public void Restore(Func<string, Tensor> tensor)
    {
        _mean.CopyFrom(tensor($"exp_avg.{_name}"));
        _square.CopyFrom(tensor($"exp_avg_sq.{_name}"));
        if (!_hasMaster)
            return;
        _value.CopyFrom(tensor($"master.{_name}"));
        _parameter.CopyFrom(_value);
    }

    public void Dispose()
    {
        Clear();
        _value.Dispose();
        _mean.Dispose();
        _square.Dispose();
    }

    /// <summary>Adds a gradient to the sum. The first gradient of a step is kept in its own type; a sum is at least f32.</summary>
    private void Add(Tensor fresh)
    {
        if (_gradient!.DType != _value.DType)
        {
            var wide = _gradient.To(_value.DType).Own();
            _gradient.Dispose();
            _gradient = wide;
        }

        _gradient.AddInto(fresh.To(_value.DType));
    }
}
