using System.Runtime.InteropServices;

namespace ParallelR1.Torch;

/// <summary>The device of a tensor.</summary>
/// <param name="Type">libtorch's name of the kind of device: <c>cpu</c> or <c>cuda</c>.</param>
/// <param name="Index">Index of the device; −1 if there is only one.</param>
public readonly record struct Device(string Type, int Index = -1)
{
    /// <summary>Gets the CPU.</summary>
    public static Device Cpu { get; } = new("cpu");

    /// <summary>Gets a CUDA GPU.</summary>
    /// <param name="index">Index of the GPU.</param>
    public static Device Cuda(int index = 0) => new("cuda", index);

    /// <summary>Gets libtorch's name of a kind of device.</summary>
    internal static unsafe string TypeName(int type)
    {
        const int Room = 64;
        var text = stackalloc byte[Room];
        NativeMethods.Check(NativeMethods.pr1_device_name(type, text, Room), $"device type {type}");
        return Marshal.PtrToStringUTF8((nint)text) ?? "";
    }

    /// <summary>Gets libtorch's name of the device, such as <c>cuda:0</c>.</summary>
    public override string ToString() => Index < 0 ? Type : $"{Type}:{Index}";
}
