using System.Globalization;
using ParallelR1.Torch;

namespace ParallelR1.Generation;

/// <summary>How f32 and bf16 do on a device, and what <c>dtype: auto</c> therefore takes.</summary>
public sealed record DtypeMeasurement
{
    /// <summary>bf16 rounds more, so it has to be worth it.</summary>
    public const double WantedSpeed = 1.3;

    /// <summary>Products in f32, in 10⁹ operations a second.</summary>
    public required double F32Gflops { get; init; }

    /// <summary>Products in bf16, in 10⁹ operations a second.</summary>
    public required double Bf16Gflops { get; init; }

    /// <summary>How many times as fast as f32 bf16 is: the median of several tries, over small and large products.</summary>
    public required double Bf16Speed { get; init; }

    /// <summary>The largest error of a bf16 product, as a share of the sum of its terms' sizes.</summary>
    public required double Bf16Error { get; init; }

    /// <summary>What is wrong with bf16 products; null: their errors are within bound.</summary>
    public required string? Bf16Wrong { get; init; }

    /// <summary>The type that <c>auto</c> takes.</summary>
    public ScalarType Auto => Bf16Wrong is null && Bf16Speed >= WantedSpeed ? ScalarType.BFloat16 : ScalarType.Float32;

    /// <summary><see cref="Auto"/> as it is written in recipes.</summary>
    public string AutoName => Name(Auto);

    /// <summary>Why <c>auto</c> takes it.</summary>
    public string Reason => Bf16Wrong is { } wrong
        ? $"bf16 products are wrong here: {wrong}"
        : string.Create(CultureInfo.InvariantCulture, $"bf16 products are right and {Bf16Speed:F2} times as fast as f32's; bf16 is taken from {WantedSpeed:F1} on");

    /// <summary>What is to be said to someone who asks for another type than <c>auto</c> takes; null where it is the same.</summary>
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
