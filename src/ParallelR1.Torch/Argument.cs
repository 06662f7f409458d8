using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace ParallelR1.Torch;

/// <summary>One argument of an operator: a tensor, a number, a Boolean, a list, a string, a generator, or none; by position or by name.</summary>
public readonly struct Argument
{
    private static readonly ConcurrentDictionary<string, nint> s_names = new();

    private Argument(ArgumentKind kind, long bits, object? reference, string? name = null)
    {
        Kind = kind;
        Bits = bits;
        Reference = reference;
        Name = name;
    }

    /// <summary>No value (None).</summary>
    public static Argument None => default;

    internal ArgumentKind Kind { get; }

    internal long Bits { get; }

    internal object? Reference { get; }

    internal string? Name { get; }

    /// <summary>The same argument by name.</summary>
    public static Argument Named(string name, Argument value) => new(value.Kind, value.Bits, value.Reference, name);

    /// <summary>A tensor; null is an undefined one.</summary>
    public static implicit operator Argument(Tensor? value) => value is null ? default : new(ArgumentKind.Tensor, 0, value);

    /// <summary>An integer.</summary>
    public static implicit operator Argument(long value) => new(ArgumentKind.Int, value, null);

    /// <summary>A floating-point number.</summary>
    public static implicit operator Argument(double value) => new(ArgumentKind.Double, BitConverter.DoubleToInt64Bits(value), null);

    /// <summary>A Boolean.</summary>
    public static implicit operator Argument(bool value) => new(ArgumentKind.Bool, value ? 1 : 0, null);

    /// <summary>A list of integers, such as a shape.</summary>
    public static implicit operator Argument(long[] value) => new(ArgumentKind.IntList, 0, value);

    /// <summary>A list of numbers.</summary>
    public static implicit operator Argument(double[] value) => new(ArgumentKind.DoubleList, 0, value);

    /// <summary>A list of Booleans.</summary>
    public static implicit operator Argument(bool[] value) => new(ArgumentKind.BoolList, 0, value);

    /// <summary>A list of tensors.</summary>
    public static implicit operator Argument(Tensor[] value) => new(ArgumentKind.TensorList, 0, value);

    /// <summary>A text.</summary>
    public static implicit operator Argument(string value) => new(ArgumentKind.String, 0, value);

    /// <summary>An element type.</summary>
    public static implicit operator Argument(ScalarType value) => new(ArgumentKind.Int, (long)value, null);

    /// <summary>A device.</summary>
    public static implicit operator Argument(Device value) => new(ArgumentKind.String, 0, value.ToString());

    /// <summary>A generator to draw from.</summary>
    public static implicit operator Argument(Generator value) => new(ArgumentKind.Generator, 0, value);

    /// <summary>The name as a UTF-8 text that lives as long as the process.</summary>
    internal unsafe byte* NamePointer =>
        Name is null ? null : (byte*)s_names.GetOrAdd(Name, static name => Marshal.StringToCoTaskMemUTF8(name));
}

/// <summary>The numbers of <c>native/src/dispatch.cpp</c>.</summary>
internal enum ArgumentKind
{
    None = 0,
    Tensor = 1,
    Int = 2,
    Double = 3,
    Bool = 4,
    IntList = 5,
    TensorList = 6,
    String = 7,
    DoubleList = 8,
    BoolList = 9,
    Generator = 10,
}

/// <summary>One argument of a boxed call as <c>native/src/dispatch.cpp</c> reads it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeArgument
{
    public byte* Name;
    public int Kind;
    public int Length;
    public long Value; // an integer, a double's bits, or a pointer
}
