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
        foreach (var finding in products.Concat(Gpus().SelectMany(gpu => Products(gpu, load))))
            yield return finding;
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

    private static IEnumerable<Finding> Products(Device device, double load)
    {
        var where = device == Device.Cpu ? "" : $" on {device}";
        var single = default(Rates);
        foreach (var (type, label) in new[] { (ScalarType.Float32, "f32"), (ScalarType.BFloat16, "bf16") })
        {
            var name = $"{label} product{where}";
            if (ProductCheck.FirstError(device, type) is { } error)
            {
                yield return Finding.Wrong(name, $"wrong: {error}", "use another BLAS or libtorch (LIBTORCH=DIR); for OpenBLAS another kernel: OPENBLAS_CORETYPE=Haswell");
                continue;
            }

            var rates = SpeedCheck.Products(device, type);
            if (type == ScalarType.Float32)
            {
                single = rates;
                yield return JudgeSpeed(name, rates, device == Device.Cpu ? PeakRate.Measure() : 0, load);
            }
            else
            {
                yield return rates.One < single.One
                    ? Finding.Note(name, $"right; {rates.Describe("GF/s")}: slower than f32", "compute in f32 here")
                    : Together(name, $"right; {rates.Describe("GF/s")}", rates, load);
            }
        }
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
