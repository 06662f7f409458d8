using System.Runtime.InteropServices;

namespace ParallelR1.Torch;

/// <summary>One argument of a boxed call as <c>native/src/dispatch.cpp</c> reads it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeArgument
{
    public byte* Name;
    public int Kind;
    public int Length;
    public long Value; // an integer, a double's bits, or a pointer
}
