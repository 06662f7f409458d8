using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ParallelR1.IO;
using ParallelR1.Torch;

namespace ParallelR1.Generation;

/// <summary>Measures number types on a device, once for each processor, libtorch and other relevant settings; the result is stored in the cache.</summary>
internal static class DtypeMeter
{
    private const int Tries = 7;

    /// <summary>Version of the measurement. Increase it with every change of what is measured or of how the libraries are set up, so that older results are ignored.</summary>
    private const int Method = 2;

    private static readonly JsonSerializerOptions s_json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, WriteIndented = true };

    /// <summary>Rows, width and outputs of the measured products: training and decoding of a small and of a larger model.</summary>
    private static readonly (int Rows, int Width, int Outputs)[] s_shapes = [(1024, 128, 512), (16, 128, 512), (256, 576, 1536), (16, 576, 1536)];

    /// <summary>Gets the cached measurement, or measures now. Errors of reading or writing the cache are ignored.</summary>
    public static DtypeMeasurement Get(Device device, string folder)
    {
        var file = Path.Combine(folder, $"{Key(device, ComputeEnvironment.Current)}.json");
        if (Read(file) is { } known)
            return known;
        var measured = Measure(device);
        try
        {
            Directory.CreateDirectory(folder);
            AtomicFile.WriteText(file, JsonSerializer.Serialize(measured, s_json));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or UsageException)
        {
        }

        return measured;
    }

    private static DtypeMeasurement? Read(string file)
    {
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize<DtypeMeasurement>(File.ReadAllText(file), s_json) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// Computes the cache key: a hash of everything that the speed of a product depends on. OpenBLAS itself reports the kernels that it uses,
    /// since its environment variable may have been set by this program.
    /// </summary>
    internal static string Key(Device device, ComputeEnvironment here)
    {
        // oneDNN within libtorch does not report what it uses; the user's settings for it are in the environment.
        string[] variables = ["ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA", "MKL_ENABLE_INSTRUCTIONS", "OMP_WAIT_POLICY"];
        string[] parts = [$"{Method}", $"{here}", Runtime.BuildInfo, $"{device}", .. variables.Select(v => HostProcess.Variable(v) ?? "")];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))))[..16];
    }

    private static DtypeMeasurement Measure(Device device)
    {
        try
        {
            return MeasureBoth(device);
        }
        catch (TorchException e)
        {
            return new DtypeMeasurement { F32Gflops = 0, Bf16Gflops = 0, Bf16Speed = 0, Bf16Error = double.NaN, Bf16Wrong = $"not possible, {e.Message}" };
        }
    }

    private static DtypeMeasurement MeasureBoth(Device device)
    {
        using var scope = new TensorScope();
        using var mode = GradMode.Off();
        var wrong = ProductCheck.FirstError(device, ScalarType.BFloat16);
        var error = ProductCheck.LargestError(device, ScalarType.BFloat16);
        double logarithms = 0, work = 0, single = 0, half = 0;
        foreach (var shape in s_shapes)
        {
            var (f32, bf16) = (Work(shape, ScalarType.Float32, device), Work(shape, ScalarType.BFloat16, device));
            var repeats = Math.Clamp((int)(1e-3 / Seconds(f32, 1)), 1, 1000);
            Seconds(bf16, 1);
            var tries = Enumerable.Range(0, Tries).Select(_ => (F32: Seconds(f32, repeats), Bf16: Seconds(bf16, repeats))).ToArray();
            logarithms += Math.Log(Median(tries.Select(t => t.F32 / t.Bf16)));
            work += 6e-9 * shape.Rows * shape.Width * shape.Outputs;
            single += Median(tries.Select(t => t.F32));
            half += Median(tries.Select(t => t.Bf16));
        }

        return new DtypeMeasurement
        {
            F32Gflops = work / single,
            Bf16Gflops = work / half,
            Bf16Speed = Math.Exp(logarithms / s_shapes.Length),
            Bf16Error = error,
            Bf16Wrong = wrong,
        };
    }

    /// <summary>Creates a function that computes the three products of a linear layer, forward and backward.</summary>
    private static Action Work((int Rows, int Width, int Outputs) shape, ScalarType type, Device device)
    {
        var x = Tensor.Full([shape.Rows, shape.Width], 0.5, type, device);
        var weight = Tensor.Full([shape.Outputs, shape.Width], 0.25, type, device);
        var slope = Tensor.Full([shape.Rows, shape.Outputs], 0.125, type, device);
        return () =>
        {
            using var scope = new TensorScope();
            x.Linear(weight);
            slope.MatMul(weight);
            slope.Transpose(0, 1).MatMul(x).Slice(0, 0, 1).Slice(1, 0, 1).Item();
        };
    }

    private static double Seconds(Action work, int repeats)
    {
        var start = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < repeats; i++)
            work();
        return TimeProvider.System.GetElapsedTime(start).TotalSeconds / repeats;
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Tries / 2);
}
