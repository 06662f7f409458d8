using System.Text.Json.Nodes;
using ParallelR1.Models;
using ParallelR1.Torch;
using ParallelR1.Training.Policy;

namespace ParallelR1.Tests.Parity;

/// <summary>A case of the RL reference values. What is under test sees only loss tokens, flat, row after row.</summary>
internal sealed class RlCase : IDisposable
{
    private readonly SafetensorsCase _tensors;
    private readonly JsonNode _json;
    private readonly TensorScope _scope = new();

    public RlCase(string folder)
    {
        Name = Path.GetFileName(folder);
        _json = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "case.json")))!;
        _tensors = new SafetensorsCase(Path.Combine(folder, "tensors.safetensors"));
        (Rows, Width) = ((int)_tensors.Shape("response_mask")[0], (int)_tensors.Shape("response_mask")[1]);
        var mask = _tensors.Longs("response_mask");
        Places = [.. Enumerable.Range(0, mask.Length).Where(i => mask[i] != 0)];
        LossTokens = [.. Enumerable.Range(0, Rows).Select(row => Places.Count(i => i / Width == row))];
        PlacesTensor = Tensor.From([.. Places.Select(i => (long)i)], Places.Length);
    }

    public string Name { get; }

    public string Algorithm => Text("algorithm");

    public bool Wide => Text("dtype") == "float64";

    public bool IsNewer => !Text("source").Contains("0.4.1", StringComparison.Ordinal);

    public JsonNode Hyper => _json["hyper"]!;

    public JsonObject Expected => _json["expected"]!.AsObject();

    public int[] Groups => [.. _json["group_ids"]!.AsArray().Select(x => x!.GetValue<int>())];

    public int Rows { get; }

    public int Width { get; }

    /// <summary>Indices of the loss tokens in the flattened [rows, width].</summary>
    public int[] Places { get; }

    public int[] LossTokens { get; }

    public Tensor PlacesTensor { get; }

    public List<string> Failures { get; } = [];

    public static IEnumerable<RlCase> All(string kind)
    {
        foreach (var folder in Directory.EnumerateDirectories(Fixtures.Folder("rl")).Order(StringComparer.Ordinal))
        {
            if (JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "case.json")))!["kind"]!.GetValue<string>() == kind)
                yield return new RlCase(folder);
        }
    }

    public double Number(string hyper) => Hyper[hyper]!.GetValue<double>();

    public bool Has(string name) => _tensors.Has(name);

    public double[] Doubles(string name) => _tensors.DType(name) == CheckpointDType.I64
        ? Array.ConvertAll(_tensors.Longs(name), x => (double)x)
        : _tensors.Doubles(name);

    public double[] Picked(string name) => Pick(Doubles(name));

    public double[] Pick(double[] all) => [.. Places.Select(i => all[i])];

    /// <summary>The whole tensor as stored.</summary>
    public Tensor Whole(string name)
    {
        var shape = _tensors.Shape(name);
        return _tensors.DType(name) switch
        {
            CheckpointDType.F64 => Tensor.From(_tensors.Doubles(name), shape),
            CheckpointDType.F32 => Tensor.From(_tensors.Floats(name), shape),
            _ => Tensor.From(_tensors.Longs(name), shape),
        };
    }

    /// <summary>A leaf [rows · width, …] that gathers gradients at all places, masked ones too.</summary>
    public Tensor Leaf(string name)
    {
        var leaf = Flat(name);
        leaf.RequiresGrad = true;
        return leaf;
    }

    public Tensor Flat(string name) => Whole(name).Reshape([Rows * Width, .. _tensors.Shape(name)[2..]]);

    /// <summary>The loss tokens of a tensor.</summary>
    public Tensor PickedTensor(string name) => AtPlaces(Flat(name));

    public Tensor AtPlaces(Tensor flat) => flat.IndexSelect(0, PlacesTensor);

    public Tensor OwnType(double[] values) => Tensor.From(values, values.Length).To(Wide ? ScalarType.Float64 : ScalarType.Float32);

    public LossAggregation Aggregation => AggregationOf(Hyper["aggregation"]!.GetValue<string>());

    /// <summary>Weights of the loss tokens by the rules of the version the case comes from.</summary>
    public Tensor Weights() => Weights(Aggregation, IsNewer);

    public Tensor Weights(LossAggregation aggregation, bool newer)
    {
        var perRow = newer ? LossWeights.PerResponse(LossTokens, aggregation, Width) : ReleasedAggregation.PerRow(LossTokens, aggregation, Width);
        return OwnType(TokenAdvantages.Broadcast(perRow, LossTokens));
    }

    public void Compare(string what, double[] expected, Tensor actual) => Compare(what, expected, Values(actual));

    public void Compare(string what, double expected, double actual) => Compare(what, [expected], [actual]);

    /// <summary>As <see cref="CompareScalar"/>, for shares that the reference counts in f32 in both precisions.</summary>
    public void CompareShare(string name, double actual)
    {
        if (Expected[name] is { } value && Math.Abs(value.GetValue<double>() - actual) > 1e-6)
            Failures.Add($"{Name}: {name} is {actual:R}, expected {value}");
    }

    public void Compare(string what, double[] expected, double[] actual)
    {
        if (expected.Length != actual.Length)
            Failures.Add($"{Name}: {what} has {actual.Length} values, expected {expected.Length}");
        var tolerance = Wide ? 1e-9 : 1e-5;
        for (var i = 0; i < Math.Min(expected.Length, actual.Length); i++)
        {
            if (Math.Abs(actual[i] - expected[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])))
                continue;
            Failures.Add($"{Name}: {what}[{i}] is {actual[i]:R}, expected {expected[i]:R}");
            return;
        }
    }

    /// <summary>A scalar of the case, where the case has it.</summary>
    public void CompareScalar(string name, double actual)
    {
        if (Expected[name] is { } value)
            Compare(name, value.GetValue<double>(), actual);
    }

    public static double[] Values(Tensor tensor) => tensor.Detach().To(ScalarType.Float64).ToArray<double>();

    public static LossAggregation AggregationOf(string name) => name switch
    {
        "token-mean" => LossAggregation.TokenMean,
        "seq-mean-token-sum" => LossAggregation.SeqMeanTokenSum,
        "seq-mean-token-mean" => LossAggregation.SeqMeanTokenMean,
        "seq-mean-token-sum-norm" => LossAggregation.SeqMeanTokenSumNorm,
        _ => throw new InvalidDataException($"no aggregation '{name}'"),
    };

    public void Dispose()
    {
        _scope.Dispose();
        _tensors.Dispose();
    }

    private string Text(string key) => _json[key]!.GetValue<string>();
}
