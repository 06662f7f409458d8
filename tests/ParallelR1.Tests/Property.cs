using FsCheck;

namespace ParallelR1.Tests;

/// <summary>
/// How properties are tried: with the same cases in every run, so that a run that fails fails again. Another <c>PARALLELR1_PROPERTY_SEED</c>
/// tries others.
/// </summary>
internal static class Property
{
    private static readonly ulong s_seed =
        ulong.TryParse(Environment.GetEnvironmentVariable("PARALLELR1_PROPERTY_SEED"), out var seed) ? seed : 1;

    /// <summary>A failing case throws.</summary>
    public static Config Seeded { get; } = Config.QuickThrowOnFailure.WithReplay(s_seed, 0x9E3779B97F4A7C15);
}
