using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace ParallelR1.Cli.Doctor;

/// <summary>What one core can do: a loop of independent multiply-adds. Slowness of a library is measured against it.</summary>
internal static class PeakRate
{
    private const int Rounds = 200_000;

    private const int Accumulators = 8;

    private static float s_sink;

    /// <summary>GF/s in f32 with one thread and the vectors that .NET uses; the best of several tries.</summary>
    public static double Measure()
    {
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 20; i++)
        {
            var start = Stopwatch.GetTimestamp();
            s_sink = Run();
            var taken = Stopwatch.GetElapsedTime(start);
            best = taken < best ? taken : best;
        }

        return 2.0 * Vector<float>.Count * Accumulators * Rounds / best.TotalSeconds / 1e9;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Run()
    {
        var factor = new Vector<float>(0.999f);
        var addend = new Vector<float>(0.001f);
        Vector<float> a = addend, b = addend, c = addend, d = addend, e = addend, f = addend, g = addend, h = addend;
        for (var i = 0; i < Rounds; i++)
        {
            a = Vector.FusedMultiplyAdd(a, factor, addend);
            b = Vector.FusedMultiplyAdd(b, factor, addend);
            c = Vector.FusedMultiplyAdd(c, factor, addend);
            d = Vector.FusedMultiplyAdd(d, factor, addend);
            e = Vector.FusedMultiplyAdd(e, factor, addend);
            f = Vector.FusedMultiplyAdd(f, factor, addend);
            g = Vector.FusedMultiplyAdd(g, factor, addend);
            h = Vector.FusedMultiplyAdd(h, factor, addend);
        }

        return Vector.Sum(a + b + c + d + e + f + g + h);
    }
}
