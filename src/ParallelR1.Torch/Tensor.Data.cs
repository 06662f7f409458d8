using System.Runtime.InteropServices;

namespace ParallelR1.Torch;

/// <summary>Copies data between tensors and .NET memory.</summary>
public sealed partial class Tensor
{
    private static readonly Operator s_empty = new("aten::empty.memory_format");
    private static readonly Operator s_zeros = new("aten::zeros");
    private static readonly Operator s_full = new("aten::full");
    private static readonly Operator s_arange = new("aten::arange.start");
    private static readonly Operator s_to = new("aten::to.dtype");
    private static readonly Operator s_toDevice = new("aten::to.device");
    private static readonly Operator s_contiguous = new("aten::contiguous");
    private const int PieceBytes = 1 << 28;

    private static readonly Operator s_clone = new("aten::clone");
    private static readonly Operator s_copyInto = new("aten::copy_");

    /// <summary>Creates a tensor with a copy of the data, on the CPU.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="data">The elements, row by row.</param>
    /// <param name="shape">The shape.</param>
    /// <exception cref="TorchException">The element type is not supported, or the shape needs a different number of elements.</exception>
    public static Tensor From<T>(ReadOnlySpan<T> data, params ReadOnlySpan<long> shape)
        where T : unmanaged => From(MemoryMarshal.AsBytes(data), TypeOf<T>(), shape);

    /// <summary>Creates a tensor with a copy of the data, on the CPU.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="data">The elements, row by row.</param>
    /// <param name="shape">The shape.</param>
    /// <exception cref="TorchException">The element type is not supported, or the shape needs a different number of elements.</exception>
    public static Tensor From<T>(T[] data, params ReadOnlySpan<long> shape)
        where T : unmanaged => From((ReadOnlySpan<T>)data, shape);

    /// <summary>Creates a tensor with a copy of raw bytes, on the CPU.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="type">The element type.</param>
    /// <param name="shape">The shape.</param>
    /// <exception cref="TorchException">The shape and the type need a different number of bytes.</exception>
    public static unsafe Tensor From(ReadOnlySpan<byte> data, ScalarType type, params ReadOnlySpan<long> shape)
    {
        fixed (byte* bytes = data)
        fixed (long* sizes = shape)
        {
            if (NativeMethods.pr1_tensor_from(bytes, data.Length, sizes, shape.Length, (int)type, out var handle) != 0)
                throw new TorchException($"a tensor {type.ToString().ToLowerInvariant()}[{string.Join(", ", shape.ToArray())}] from memory: {NativeMethods.LastError()}");
            return FromHandle(handle, "from memory");
        }
    }

    /// <summary>Creates a tensor from bytes that are read in pieces, on the CPU: a tensor may be larger than the 2 GiB limit of a span.</summary>
    /// <param name="read">Reads bytes at an offset.</param>
    /// <param name="type">The element type.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="pieceBytes">Maximum number of bytes of a piece.</param>
    /// <exception cref="TorchException">A piece does not have the requested length.</exception>
    public static unsafe Tensor FromPieces(ByteReader read, ScalarType type, long[] shape, int pieceBytes = PieceBytes)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pieceBytes);
        var tensor = Empty(shape, type);
        tensor.Check(NativeMethods.pr1_tensor_data(tensor.Handle, out var data), "writing");
        var total = tensor.Count * ElementSize(type);
        for (long at = 0; at < total; at += pieceBytes)
        {
            var wanted = (int)Math.Min(pieceBytes, total - at);
            var piece = read(at, wanted);
            if (piece.Length != wanted)
                throw new TorchException($"{tensor} from pieces: {wanted} bytes were asked for at {at}, {piece.Length} came");
            piece.CopyTo(new Span<byte>((byte*)data + at, piece.Length));
        }

        GC.KeepAlive(tensor);
        return tensor;
    }

    /// <summary>Writes the bytes of a contiguous tensor on the CPU to a stream, in pieces.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="pieceBytes">Maximum number of bytes of a piece.</param>
    public unsafe void WriteTo(Stream stream, int pieceBytes = PieceBytes)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pieceBytes);
        Check(NativeMethods.pr1_tensor_data(Handle, out var data), "reading");
        var total = Count * ElementSize(DType);
        for (long at = 0; at < total; at += pieceBytes)
            stream.Write(new ReadOnlySpan<byte>((byte*)data + at, (int)Math.Min(pieceBytes, total - at)));
        GC.KeepAlive(this);
    }

    /// <summary>Creates a tensor with uninitialized values.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="type">The element type, f32 by default.</param>
    /// <param name="device">The device; null for the CPU.</param>
    public static Tensor Empty(long[] shape, ScalarType type = ScalarType.Float32, Device? device = null) =>
        s_empty.Call(shape, Argument.Named("dtype", type), Argument.Named("device", device ?? Device.Cpu));

    /// <summary>Creates a tensor of zeros.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="type">The element type, f32 by default.</param>
    /// <param name="device">The device; null for the CPU.</param>
    public static Tensor Zeros(long[] shape, ScalarType type = ScalarType.Float32, Device? device = null) =>
        s_zeros.Call(shape, Argument.Named("dtype", type), Argument.Named("device", device ?? Device.Cpu));

    /// <summary>Creates a tensor filled with one value.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="value">The value of all elements.</param>
    /// <param name="type">The element type, f32 by default.</param>
    /// <param name="device">The device; null for the CPU.</param>
    public static Tensor Full(long[] shape, double value, ScalarType type = ScalarType.Float32, Device? device = null) =>
        s_full.Call(shape, value, Argument.Named("dtype", type), Argument.Named("device", device ?? Device.Cpu));

    /// <summary>Creates the vector start, start + 1, …, end − 1.</summary>
    /// <param name="start">The first value.</param>
    /// <param name="end">The value after the last.</param>
    /// <param name="type">The element type, i64 by default.</param>
    /// <param name="device">The device; null for the CPU.</param>
    public static Tensor Arange(long start, long end, ScalarType type = ScalarType.Int64, Device? device = null) =>
        s_arange.Call(start, end, Argument.Named("dtype", type), Argument.Named("device", device ?? Device.Cpu));

    /// <summary>Converts the values to another type; returns the tensor itself if it has that type.</summary>
    /// <param name="type">The element type.</param>
    public Tensor To(ScalarType type) => s_to.Call(this, type);

    /// <summary>Copies the values to another device.</summary>
    /// <param name="device">The device.</param>
    public Tensor To(Device device) => s_toDevice.Call(this, device, DType);

    /// <summary>Returns the same values in contiguous memory.</summary>
    public Tensor Contiguous() => s_contiguous.Call(this);

    /// <summary>Creates a copy.</summary>
    public Tensor Clone() => s_clone.Call(this);

    /// <summary>Overwrites this tensor with the values of another tensor of the same shape, converting their type.</summary>
    /// <param name="source">The values.</param>
    public void CopyFrom(Tensor source) => s_copyInto.Call(this, source).Dispose();

    /// <summary>Copies the elements to an array, row by row.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <exception cref="TorchException">The element type is another.</exception>
    public T[] ToArray<T>()
        where T : unmanaged
    {
        using var scope = new TensorScope();
        var local = To(Device.Cpu).Contiguous();
        var data = local.Span<T>().ToArray();
        GC.KeepAlive(local);
        return data;
    }

    /// <summary>Gets the memory of a contiguous tensor on the CPU. Valid while the tensor is alive: keep a reference to it.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <exception cref="TorchException">The tensor has a different element type, is not contiguous, or is not on the CPU.</exception>
    public unsafe Span<T> Span<T>()
        where T : unmanaged
    {
        if (TypeOf<T>() != DType && !(typeof(T) == typeof(ushort) && DType is ScalarType.BFloat16 or ScalarType.Float16))
            throw new TorchException($"reading {this} as {typeof(T).Name}: convert it first, with To");
        Check(NativeMethods.pr1_tensor_data(Handle, out var data), "reading");
        return new Span<T>(data, SpanLength(Count));
    }

    /// <summary>Gets the raw bytes of a contiguous tensor on the CPU. Valid while the tensor is alive: keep a reference to it.</summary>
    /// <exception cref="TorchException">The tensor is not contiguous or not on the CPU.</exception>
    public unsafe ReadOnlySpan<byte> Bytes()
    {
        Check(NativeMethods.pr1_tensor_data(Handle, out var data), "reading");
        return new ReadOnlySpan<byte>(data, SpanLength(Count * ElementSize(DType)));
    }

    /// <summary>Gets the only element as a double.</summary>
    /// <exception cref="TorchException">The tensor does not have exactly one element.</exception>
    public double Item()
    {
        using var scope = new TensorScope();
        return To(ScalarType.Float64).ToArray<double>() is [var value]
            ? value
            : throw new TorchException($"the only element of {this}");
    }

    private int SpanLength(long length) =>
        length <= int.MaxValue ? (int)length : throw new TorchException($"reading {this} at once: a span holds {int.MaxValue} elements; read slices");

    private static int ElementSize(ScalarType type) => type switch
    {
        ScalarType.Float64 or ScalarType.Int64 => 8,
        ScalarType.Float32 or ScalarType.Int32 => 4,
        ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Int16 => 2,
        _ => 1,
    };

    private static ScalarType TypeOf<T>() =>
        typeof(T) == typeof(float) ? ScalarType.Float32
        : typeof(T) == typeof(double) ? ScalarType.Float64
        : typeof(T) == typeof(int) ? ScalarType.Int32
        : typeof(T) == typeof(long) ? ScalarType.Int64
        : typeof(T) == typeof(byte) ? ScalarType.UInt8
        : typeof(T) == typeof(bool) ? ScalarType.Bool
        : typeof(T) == typeof(ushort) ? ScalarType.BFloat16
        : typeof(T) == typeof(Half) ? ScalarType.Float16
        : typeof(T) == typeof(short) ? ScalarType.Int16
        : typeof(T) == typeof(sbyte) ? ScalarType.Int8
        : throw new TorchException($"no tensor of {typeof(T).Name}");
}

/// <summary>Reads bytes at an offset.</summary>
/// <param name="offset">Offset of the first byte.</param>
/// <param name="length">Number of bytes to return.</param>
public delegate ReadOnlySpan<byte> ByteReader(long offset, int length);
