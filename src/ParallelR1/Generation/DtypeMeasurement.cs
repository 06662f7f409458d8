using System.Globalization;
using ParallelR1.Torch;

namespace ParallelR1.Generation;

/// <summary>The measured speed and accuracy of f32 and bf16 on a device, and the type that <c>dtype: auto</c> selects.</summary>
public sealed record DtypeMeasurement
{
    /// <summary>Minimum speed of bf16 relative to f32 for <c>auto</c> to select it, 1.3; it must pay for the coarser rounding.</summary>
    public const double WantedSpeed = 1.3;

    /// <summary>Gets the speed of matrix products in f32, in 10⁹ operations per second.</summary>
    public required double F32Gflops { get; init; }

    /// <summary>Gets the speed of matrix products in bf16, in 10⁹ operations per second.</summary>
    public required double Bf16Gflops { get; init; }

    /// <summary>Gets the speed of bf16 relative to f32: the median of several measurements, over small and large products.</summary>
    public required double Bf16Speed { get; init; }

    /// <summary>Gets the largest error of a bf16 product, relative to the sum of the magnitudes of its terms.</summary>
    public required double Bf16Error { get; init; }

    /// <summary>Gets a description of the first wrong bf16 product; null if all errors are within the bound.</summary>
    public required string? Bf16Wrong { get; init; }

    /// <summary>Gets the type that <c>auto</c> selects.</summary>
    public ScalarType Auto => Bf16Wrong is null && Bf16Speed >= WantedSpeed ? ScalarType.BFloat16 : ScalarType.Float32;

    /// <summary>Gets the name of <see cref="Auto"/> as written in recipes.</summary>
    public string AutoName => Name(Auto);

    /// <summary>Gets the reason why <c>auto</c> selects its type.</summary>
    public string Reason => Bf16Wrong is { } wrong
        ? $"bf16 products are wrong here: {wrong}"
        : string.Create(CultureInfo.InvariantCulture, $"bf16 products are right and {Bf16Speed:F2} times as fast as f32's; bf16 is taken from {WantedSpeed:F1} on");

    /// <summary>Gets a warning for users who choose a type other than the one that <c>auto</c> selects; null if it is the same.</summary>
    /// <param name="type">The chosen type.</param>
    public string? Objection(ScalarType type) => type == Auto || (type != ScalarType.Float32 && type != ScalarType.BFloat16)
        ? null
        : $"{Fault(type)}; dtype auto would take {AutoName}";

    private string Fault(ScalarType type) => type == ScalarType.BFloat16 && Bf16Wrong is { } wrong
        ? $"bf16 computes wrongly on this device ({wrong})"
        : type == ScalarType.BFloat16 && Bf16Speed >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"bf16 is only {Bf16Speed:F2} times as fast as f32 on this device, and rounds more")
            : string.Create(CultureInfo.InvariantCulture, $"{Name(type)} is slow on this device, {(type == ScalarType.BFloat16 ? 1 / Bf16Speed : Bf16Speed):F1} times slower than {AutoName}");

    private static string Name(ScalarType type) => type == ScalarType.BFloat16 ? "bf16" : "f32";
}
