using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace ParallelR1.Torch;

/// <summary>An argument of an operator: a tensor, a number, a Boolean, a list, a string, a generator, or none; by position or by name.</summary>
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

    /// <summary>Gets the argument without a value (None).</summary>
    public static Argument None => default;

    internal ArgumentKind Kind { get; }

    internal long Bits { get; }

    internal object? Reference { get; }

    internal string? Name { get; }

    /// <summary>Creates a named argument.</summary>
    /// <param name="name">The argument's name in the operator's schema.</param>
    /// <param name="value">The value.</param>
    public static Argument Named(string name, Argument value) => new(value.Kind, value.Bits, value.Reference, name);

    /// <summary>Converts a tensor; null becomes an undefined tensor.</summary>
    /// <param name="value">The tensor.</param>
    public static implicit operator Argument(Tensor? value) => value is null ? default : new(ArgumentKind.Tensor, 0, value);

    /// <summary>Converts an integer.</summary>
    /// <param name="value">The integer.</param>
    public static implicit operator Argument(long value) => new(ArgumentKind.Int, value, null);

    /// <summary>Converts a floating-point number.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator Argument(double value) => new(ArgumentKind.Double, BitConverter.DoubleToInt64Bits(value), null);

    /// <summary>Converts a Boolean.</summary>
    /// <param name="value">The Boolean.</param>
    public static implicit operator Argument(bool value) => new(ArgumentKind.Bool, value ? 1 : 0, null);

    /// <summary>Converts a list of integers, such as a shape.</summary>
    /// <param name="value">The integers.</param>
    public static implicit operator Argument(long[] value) => new(ArgumentKind.IntList, 0, value);

    /// <summary>Converts a list of floating-point numbers.</summary>
    /// <param name="value">The numbers.</param>
    public static implicit operator Argument(double[] value) => new(ArgumentKind.DoubleList, 0, value);

    /// <summary>Converts a list of Booleans.</summary>
    /// <param name="value">The Booleans.</param>
    public static implicit operator Argument(bool[] value) => new(ArgumentKind.BoolList, 0, value);

    /// <summary>Converts a list of tensors.</summary>
    /// <param name="value">The tensors.</param>
    public static implicit operator Argument(Tensor[] value) => new(ArgumentKind.TensorList, 0, value);

    /// <summary>Converts a string.</summary>
    /// <param name="value">The string.</param>
    public static implicit operator Argument(string value) => new(ArgumentKind.String, 0, value);

    /// <summary>Converts an element type to its number.</summary>
    /// <param name="value">The element type.</param>
    public static implicit operator Argument(ScalarType value) => new(ArgumentKind.Int, (long)value, null);

    /// <summary>Converts a device to its name.</summary>
    /// <param name="value">The device.</param>
    public static implicit operator Argument(Device value) => new(ArgumentKind.String, 0, value.ToString());

    /// <summary>Converts a random number generator.</summary>
    /// <param name="value">The generator.</param>
    public static implicit operator Argument(Generator value) => new(ArgumentKind.Generator, 0, value);

    /// <summary>Gets the name as a UTF-8 string that is never freed.</summary>
    internal unsafe byte* NamePointer =>
        Name is null ? null : (byte*)s_names.GetOrAdd(Name, static name => Marshal.StringToCoTaskMemUTF8(name));
}

/// <summary>The kinds of arguments, with the numbers of <c>native/src/dispatch.cpp</c>.</summary>
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

/// <summary>An argument of a boxed call, in the layout of <c>native/src/dispatch.cpp</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeArgument
{
    public byte* Name;
    public int Kind;
    public int Length;
    public long Value; // an integer, a double's bits, or a pointer
}
