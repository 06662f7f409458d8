using System.Runtime.InteropServices;

namespace ParallelR1.Torch;

/// <summary>Between tensors and memory of .NET.</summary>
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

    /// <summary>A tensor with a copy of the data, on the CPU.</summary>
    public static Tensor From<T>(ReadOnlySpan<T> data, params ReadOnlySpan<long> shape)
        where T : unmanaged => From(MemoryMarshal.AsBytes(data), TypeOf<T>(), shape);

    /// <summary>A tensor with a copy of the data, on the CPU.</summary>
    public static Tensor From<T>(T[] data, params ReadOnlySpan<long> shape)
        where T : unmanaged => From((ReadOnlySpan<T>)data, shape);

    /// <summary>A tensor with a copy of raw bytes, on the CPU.</summary>
    /// <exception cref="TorchException">The shape and the type need another number of bytes.</exception>
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

    /// <summary>A tensor with bytes that are read piece by piece, on the CPU: a span holds 2 GiB, a tensor may be larger.</summary>
    /// <param name="read">Gives the bytes from an offset on.</param>
    /// <param name="type">Type of the elements.</param>
    /// <param name="shape">Shape.</param>
    /// <param name="pieceBytes">Bytes of a piece at most.</param>
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

    /// <summary>Writes the bytes of a contiguous tensor on the CPU, piece by piece.</summary>
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

    /// <summary>A tensor whose values are whatever the memory held.</summary>
    public static Tensor Empty(long[] shape, ScalarType type = ScalarType.Float32, Device? device = null) =>
        s_empty.Call(shape, Argument.Named("dtype", type), Argument.Named("device", device ?? Device.Cpu));

    /// <summary>A tensor of zeros.</summary>
    public static Tensor Zeros(long[] shape, ScalarType type = ScalarType.Float32, Device? device = null) =>
        s_zeros.Call(shape, Argument.Named("dtype", type), Argument.Named("device", device ?? Device.Cpu));

    /// <summary>A tensor of one value.</summary>
    public static Tensor Full(long[] shape, double value, ScalarType type = ScalarType.Float32, Device? device = null) =>
        s_full.Call(shape, value, Argument.Named("dtype", type), Argument.Named("device", device ?? Device.Cpu));

    /// <summary>start, start + 1, …, end − 1.</summary>
    public static Tensor Arange(long start, long end, ScalarType type = ScalarType.Int64, Device? device = null) =>
        s_arange.Call(start, end, Argument.Named("dtype", type), Argument.Named("device", device ?? Device.Cpu));

    /// <summary>The same values as another type (the tensor itself where it has that type).</summary>
    public Tensor To(ScalarType type) => s_to.Call(this, type);

    /// <summary>The same values on another device.</summary>
    public Tensor To(Device device) => s_toDevice.Call(this, device, DType);

    /// <summary>The same values in one piece of memory.</summary>
    public Tensor Contiguous() => s_contiguous.Call(this);

    /// <summary>A copy.</summary>
    public Tensor Clone() => s_clone.Call(this);

    /// <summary>Overwrites this tensor with the values of another of the same shape, converting them.</summary>
    public void CopyFrom(Tensor source) => s_copyInto.Call(this, source).Dispose();

    /// <summary>The elements, row by row, as an array.</summary>
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

    /// <summary>The memory of a contiguous tensor on the CPU. Valid while the tensor lives: keep a reference.</summary>
    /// <exception cref="TorchException">The element type is another, or the tensor is not contiguous or not on the CPU.</exception>
    public unsafe Span<T> Span<T>()
        where T : unmanaged
    {
        if (TypeOf<T>() != DType && !(typeof(T) == typeof(ushort) && DType is ScalarType.BFloat16 or ScalarType.Float16))
            throw new TorchException($"reading {this} as {typeof(T).Name}: convert it first, with To");
        Check(NativeMethods.pr1_tensor_data(Handle, out var data), "reading");
        return new Span<T>(data, SpanLength(Count));
    }

    /// <summary>The raw bytes of a contiguous tensor on the CPU. Valid while the tensor lives: keep a reference.</summary>
    public unsafe ReadOnlySpan<byte> Bytes()
    {
        Check(NativeMethods.pr1_tensor_data(Handle, out var data), "reading");
        return new ReadOnlySpan<byte>(data, SpanLength(Count * ElementSize(DType)));
    }

    /// <summary>The only element as a double.</summary>
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

/// <summary>Gives <paramref name="length"/> bytes from an offset on.</summary>
public delegate ReadOnlySpan<byte> ByteReader(long offset, int length);
