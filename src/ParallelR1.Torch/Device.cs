using System.Runtime.InteropServices;

namespace ParallelR1.Torch;

/// <summary>Where a tensor lives.</summary>
/// <param name="Type">libtorch's name: <c>cpu</c>, <c>cuda</c>.</param>
/// <param name="Index">Which one; −1 where there is only one.</param>
public readonly record struct Device(string Type, int Index = -1)
{
    /// <summary>The processor and its memory.</summary>
    public static Device Cpu { get; } = new("cpu");

    /// <summary>A CUDA GPU.</summary>
    public static Device Cuda(int index = 0) => new("cuda", index);

    /// <summary>libtorch's name of a kind of device.</summary>
    internal static unsafe string TypeName(int type)
    {
        const int Room = 64;
        var text = stackalloc byte[Room];
        NativeMethods.Check(NativeMethods.pr1_device_name(type, text, Room), $"device type {type}");
        return Marshal.PtrToStringUTF8((nint)text) ?? "";
    }

    /// <summary>libtorch's spelling, such as <c>cuda:0</c>.</summary>
    public override string ToString() => Index < 0 ? Type : $"{Type}:{Index}";
}
