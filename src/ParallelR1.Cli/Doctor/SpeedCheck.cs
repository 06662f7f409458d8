using System.Diagnostics;
using ParallelR1.Torch;

namespace ParallelR1.Cli.Doctor;

/// <summary>How fast are matrix products, and do threads help?</summary>
internal static class SpeedCheck
{
    private static readonly TimeSpan s_budget = TimeSpan.FromMilliseconds(500);

    /// <summary>GF/s of a product of two square matrices.</summary>
    public static Rates Products(Device device, ScalarType type)
    {
        // On the CPU short enough that a run now and then gets through undisturbed by other programs.
        var size = device == Device.Cpu ? 384L : 4096L;
        using var gradient = GradMode.Off();
        using var scope = new TensorScope();
        var a = Tensor.Full([size, size], 0.5, type, device);
        var work = 2e-9 * size * size * size;
        return device == Device.Cpu
            ? OneAndAll(() => work / Best(() => Run(a)))
            : new Rates(work / Best(() => Run(a)), 0, 1);

        static void Run(Tensor a)
        {
            using var inner = new TensorScope();
            _ = a.MatMul(a).Slice(0, 0, 1).Slice(1, 0, 1).Item();
        }
    }

    /// <summary>
    /// Rounds a second of what small models do: small products with element-wise work between them, so that the threads of the BLAS
    /// and those of libtorch take turns.
    /// </summary>
    public static Rates SmallSteps(ScalarType type)
    {
        using var gradient = GradMode.Off();
        using var scope = new TensorScope();
        var x = Tensor.Full([512, 128], 0.5, type);
        var up = Tensor.Full([512, 128], 0.01, type);
        var down = Tensor.Full([128, 512], 0.01, type);
        return OneAndAll(() => 1 / Best(() =>
        {
            using var inner = new TensorScope();
            var h = x;
            for (var i = 0; i < 8; i++)
                h = h.Linear(up).Softmax(-1).Linear(down);
            _ = h.Slice(0, 0, 1).Slice(1, 0, 1).Item();
        }));
    }

    private static Rates OneAndAll(Func<double> measure)
    {
        var threads = Runtime.Threads;
        try
        {
            Runtime.Threads = 1;
            var one = measure();
            Runtime.Threads = threads;
            return new Rates(one, threads > 1 ? measure() : one, threads);
        }
        finally
        {
            Runtime.Threads = threads;
        }
    }

    /// <summary>Seconds of the fastest of several runs: what the machine can do, whatever else it does meanwhile.</summary>
    private static double Best(Action run)
    {
        run();
        var best = double.MaxValue;
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < 3 || Stopwatch.GetElapsedTime(start) < s_budget; i++)
        {
            var begin = Stopwatch.GetTimestamp();
            run();
            best = Math.Min(best, Stopwatch.GetElapsedTime(begin).TotalSeconds);
        }

        return best;
    }
}

/// <summary>One kind of work, measured with one thread and with all.</summary>
/// <param name="One">Per second, with one thread.</param>
/// <param name="All">Per second, with all threads.</param>
/// <param name="Threads">How many all are.</param>
internal readonly record struct Rates(double One, double All, int Threads)
{
    /// <summary>Measurements differ by this much by themselves.</summary>
    private const double Tolerance = 0.85;

    /// <summary>More threads do harm.</summary>
    public bool SlowerTogether => Threads > 1 && All < Tolerance * One;

    public string Describe(string unit) =>
        Threads > 1 ? $"{One:F0} {unit} with 1 thread, {All:F0} with {Threads}" : $"{One:F0} {unit} with 1 thread";
}
