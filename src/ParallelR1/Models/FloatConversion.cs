using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ParallelR1.Models;

/// <summary>Converts between stored floats (little-endian bytes) and f32, vectorised.</summary>
internal static class FloatConversion
{
    /// <summary>Converts F64, F32, F16 or BF16 bytes to f32.</summary>
    /// <exception cref="InputException">The type is not one of these.</exception>
    public static void ToSingle(ReadOnlySpan<byte> source, CheckpointDType type, Span<float> destination)
    {
        if (source.Length != (long)destination.Length * type.Size())
            throw new ArgumentException($"{source.Length} bytes are not {destination.Length} elements of {type}", nameof(source));
        switch (type)
        {
            case CheckpointDType.F32:
                source.CopyTo(MemoryMarshal.AsBytes(destination));
                break;
            case CheckpointDType.F16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(source), destination);
                break;
            case CheckpointDType.BF16:
                FromBFloat16(MemoryMarshal.Cast<byte, ushort>(source), destination);
                break;
            case CheckpointDType.F64:
                for (var i = 0; i < destination.Length; i++)
                    destination[i] = (float)BinaryPrimitives.ReadDoubleLittleEndian(source[(i * 8)..]);
                break;
            default:
                throw new InputException($"weights of type {type} are not supported; F32, BF16, F16 and F64 are");
        }
    }

    /// <summary>Converts f32 to F64, F32, F16 or BF16 bytes, rounding to nearest even.</summary>
    /// <exception cref="InputException">The type is not one of these.</exception>
    public static void FromSingle(ReadOnlySpan<float> source, CheckpointDType type, Span<byte> destination)
    {
        if (destination.Length != (long)source.Length * type.Size())
            throw new ArgumentException($"{destination.Length} bytes are not {source.Length} elements of {type}", nameof(destination));
        switch (type)
        {
            case CheckpointDType.F32:
                MemoryMarshal.AsBytes(source).CopyTo(destination);
                break;
            case CheckpointDType.F16:
                TensorPrimitives.ConvertToHalf(source, MemoryMarshal.Cast<byte, Half>(destination));
                break;
            case CheckpointDType.BF16:
                ToBFloat16(source, MemoryMarshal.Cast<byte, ushort>(destination));
                break;
            case CheckpointDType.F64:
                for (var i = 0; i < source.Length; i++)
                    BinaryPrimitives.WriteDoubleLittleEndian(destination[(i * 8)..], source[i]);
                break;
            default:
                throw new InputException($"weights of type {type} are not supported; F32, BF16, F16 and F64 are");
        }
    }

    private static void FromBFloat16(ReadOnlySpan<ushort> source, Span<float> destination)
    {
        var bits = MemoryMarshal.Cast<float, uint>(destination);
        var i = 0;
        for (; i <= source.Length - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
        {
            var (low, high) = Vector256.Widen(Vector256.Create(source[i..]));
            (low << 16).CopyTo(bits[i..]);
            (high << 16).CopyTo(bits[(i + 8)..]);
        }

        for (; i < source.Length; i++)
            bits[i] = (uint)source[i] << 16;
    }

    private static void ToBFloat16(ReadOnlySpan<float> source, Span<ushort> destination)
    {
        var bits = MemoryMarshal.Cast<float, uint>(source);
        var i = 0;
        for (; i <= source.Length - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
        {
            var low = Round(Vector256.Create(bits[i..]));
            var high = Round(Vector256.Create(bits[(i + 8)..]));
            Vector256.Narrow(low, high).CopyTo(destination[i..]);
        }

        for (; i < source.Length; i++)
            destination[i] = (ushort)Round(Vector256.CreateScalar(bits[i]))[0];
    }

    /// <summary>Gets the upper 16 bits of f32 values, rounded to nearest even; a NaN remains a NaN.</summary>
    private static Vector256<uint> Round(Vector256<uint> bits)
    {
        var rounded = (bits + Vector256.Create(0x7FFFu) + ((bits >> 16) & Vector256<uint>.One)) >> 16;
        var quiet = (bits >> 16) | Vector256.Create(0x40u);
        var isNan = Vector256.GreaterThan(bits & Vector256.Create(0x7FFFFFFFu), Vector256.Create(0x7F800000u));
        return Vector256.ConditionalSelect(isNan, quiet, rounded);
    }
}
