using ParallelR1.Torch;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Training.Optimization;

/// <summary>One parameter with its moments, its gradient sum and, below f32, its master copy.</summary>
internal sealed class ParameterState : IDisposable
{
    private static readonly Operator s_squares = new("aten::linalg_vector_norm");

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
            _gradient = (_hasMaster ? fresh.To(_value.DType) : fresh.Detach()).Own();
        else
            _gradient.AddInto(fresh.To(_value.DType));
        _parameter.Grad = null;
    }

    public double SquaredNorm()
    {
        if (_gradient is null)
            return 0;
        using var scope = new TensorScope();
        var norm = s_squares.Call(_gradient, Argument.Named("dtype", ScalarType.Float64)).Item();
        return norm * norm;
    }

    public void Update(OptimizerRecipe options, int step, double learningRate, double clip)
    {
        if (_gradient is null)
            return;
        using var scope = new TensorScope();
        if (clip != 1)
            _gradient.MultiplyInto(clip);
        _value.MultiplyInto(1 - learningRate * _weightDecay);
        _mean.MultiplyInto(options.Beta1);
        _mean.AddInto(_gradient, 1 - options.Beta1);
        _square.MultiplyInto(options.Beta2);
        _square.AddProductInto(_gradient, _gradient, 1 - options.Beta2);
        var root = _square.Sqrt();
        root.DivideInto(Math.Sqrt(1 - Math.Pow(options.Beta2, step)));
        root.AddInto(options.Eps);
        _value.AddQuotientInto(_mean, root, -(learningRate / (1 - Math.Pow(options.Beta1, step))));
        if (_hasMaster)
            _parameter.CopyFrom(_value);
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
}
