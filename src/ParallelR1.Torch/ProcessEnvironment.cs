using System.Runtime.InteropServices;

namespace ParallelR1.Torch;

/// <summary>The environment as native libraries of this process read it; .NET changes only a copy of its own.</summary>
internal static partial class ProcessEnvironment
{
    /// <summary>Sets a variable; one that is there stays, unless <paramref name="overwrite"/>.</summary>
    public static void Set(string name, string value, bool overwrite = false) => _ = SetInProcess(name, value, overwrite ? 1 : 0);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetInProcess(string name, string value, int overwrite);
}
