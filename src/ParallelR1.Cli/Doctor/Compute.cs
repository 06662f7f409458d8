using ParallelR1.Generation;
using ParallelR1.Torch;

namespace ParallelR1.Cli.Doctor;

/// <summary>libtorch: is it there, and does it compute rightly and as fast as the machine can?</summary>
internal static class Compute
{
    /// <summary>A BLAS that reaches less of what plain vector code reaches is a bad one; good ones reach about all of it.</summary>
    private const double SlowShare = 0.25;

    /// <summary>Load per core from which measured speeds say little.</summary>
    private const double Busy = 0.7;

    private const string Again = "other programs are busy here; measure again when they are done";

    private const string OneThread = "start with --threads 1 (or OMP_NUM_THREADS=1)";

    public static IEnumerable<Finding> Examine()
    {
        if (LoadError() is { } error)
        {
            yield return Finding.Wrong("libtorch", error, "rm -rf native/build, then ./parallel-r1 doctor, which builds it again");
            yield break;
        }

        yield return Finding.Ok("libtorch", $"{Runtime.Version}{Source()}");
        var load = Machine.Load();
        yield return Threads();
        yield return Finding.Ok("devices", Runtime.CudaDevices == 0 ? "cpu (no CUDA device)" : $"cpu, {string.Join(", ", Gpus())}");
        // The product loads what does the work, so that it can be found.
        var products = Products(Device.Cpu, load).ToArray();
        yield return BlasLibrary.Examine();
        yield return ComputeReport.Levels();
        foreach (var finding in products.Concat(Gpus().SelectMany(gpu => Products(gpu, load))))
            yield return finding;
        yield return JudgeHalf("bf16 product", ComputeDevice.Dtype);
        yield return JudgeSteps("small steps", SpeedCheck.SmallSteps(ScalarType.Float32), load);
    }

    /// <summary>Whether f32 products are fast enough for the machine, and whether more threads do harm.</summary>
    public static Finding JudgeSpeed(string name, Rates rates, double peak, double load)
    {
        var text = $"right; {rates.Describe("GF/s")}";
        if (rates.One < SlowShare * peak && load > Busy)
            return Finding.Note(name, $"{text}: slow, this processor does {peak:F0}", Again);
        if (rates.One < SlowShare * peak)
            return Finding.Wrong(name, $"{text}: slow, this processor does {peak:F0}", "apt-get install -y libopenblas0-openmp, then remove native/build and start again");
        return Together(name, text, rates, load);
    }

    /// <summary>Whether more threads do harm where small products and other operators alternate.</summary>
    public static Finding JudgeSteps(string name, Rates rates, double load) => Together(name, rates.Describe("a second"), rates, load);

    private static Finding Together(string name, string text, Rates rates, double load) =>
        !rates.SlowerTogether ? Finding.Ok(name, text)
        : load > Busy ? Finding.Note(name, $"{text}: slower with more threads", Again)
        : Finding.Wrong(name, $"{text}: slower with more threads", OneThread);

    /// <summary>What bf16 is worth here. Wrong or slow is no fault of the product, which takes f32 then.</summary>
    public static Finding JudgeHalf(string name, DtypeMeasurement measured) => measured switch
    {
        { Bf16Wrong: { } wrong } => Finding.Note(name, $"wrong: {wrong}", "nothing to do: dtype auto takes f32; do not ask for bf16 here"),
        { Bf16Speed: < DtypeMeasurement.WantedSpeed } => Finding.Note(name, $"right, but {measured.Bf16Speed:F2} times as fast as f32", "nothing to do: dtype auto takes f32"),
        _ => Finding.Ok(name, $"right; {measured.Bf16Speed:F2} times as fast as f32: dtype auto takes it"),
    };

    private static IEnumerable<Finding> Products(Device device, double load)
    {
        var where = device == Device.Cpu ? "" : $" on {device}";
        yield return ProductCheck.FirstError(device, ScalarType.Float32) is { } error
            ? Finding.Wrong($"f32 product{where}", $"wrong: {error}", "use another BLAS or libtorch (LIBTORCH=DIR); for OpenBLAS another kernel: OPENBLAS_CORETYPE=Haswell")
            : JudgeSpeed($"f32 product{where}", SpeedCheck.Products(device, ScalarType.Float32), device == Device.Cpu ? PeakRate.Measure() : 0, load);
    }

    private static Finding Threads()
    {
        var spinning = Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is { Length: > 0 } policy && !policy.Equals("passive", StringComparison.OrdinalIgnoreCase);
        var text = $"{Runtime.Threads} for {ThreadSettings.Cores} cores; they {(spinning ? "spin" : "sleep")} while they wait";
        return spinning && Runtime.Threads > 1
            ? Finding.Note("threads", text, "unset OMP_WAIT_POLICY: spinning threads stand in the way when another program wants a core")
            : Finding.Ok("threads", text);
    }

    private static IEnumerable<Device> Gpus() => Enumerable.Range(0, Runtime.CudaDevices).Select(Device.Cuda);

    private static string Source() =>
        Environment.GetEnvironmentVariable("LIBTORCH") is { Length: > 0 } set ? $" (LIBTORCH={set})" : " (the system's)";

    private static string? LoadError()
    {
        try
        {
            return Runtime.Version.Length > 0 ? null : "no version";
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or TypeInitializationException or BadImageFormatException)
        {
            return (e.InnerException ?? e).Message;
        }
    }
}
