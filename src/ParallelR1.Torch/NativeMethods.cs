using System.Reflection;
using System.Runtime.InteropServices;

namespace ParallelR1.Torch;

/// <summary>The functions of the native library, the C ABI of <c>native/</c>.</summary>
internal static unsafe partial class NativeMethods
{
    private const string Library = "parallelr1";
    private const string Registered = " registered at ";

    static NativeMethods() => NativeLibrary.SetDllImportResolver(typeof(NativeMethods).Assembly, Resolve);

    [LibraryImport(Library)]
    public static partial byte* pr1_last_error();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int pr1_op_find(string name, string overload, out nint op);

    [LibraryImport(Library)]
    public static partial int pr1_op_call(nint op, NativeArgument* arguments, int count, nint* outputs, int capacity, out int produced, out nint* more);

    [LibraryImport(Library)]
    public static partial void pr1_results_free(nint* more);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int pr1_generator_new(string device, ulong seed, out nint generator);

    [LibraryImport(Library)]
    public static partial void pr1_generator_free(nint generator);

    [LibraryImport(Library)]
    public static partial int pr1_generator_seed(nint generator, out ulong seed);

    [LibraryImport(Library)]
    public static partial int pr1_generator_set_seed(nint generator, ulong seed);

    [LibraryImport(Library)]
    public static partial int pr1_generator_state(nint generator, out nint state);

    [LibraryImport(Library)]
    public static partial int pr1_generator_set_state(nint generator, nint state);

    [LibraryImport(Library)]
    public static partial long pr1_live_tensors();

    [LibraryImport(Library)]
    public static partial void pr1_tensor_free(nint tensor);

    [LibraryImport(Library)]
    public static partial int pr1_tensor_from(void* data, long bytes, long* sizes, int dimensions, int dtype, out nint result);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial int pr1_tensor_dimensions(nint tensor);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial void pr1_tensor_sizes(nint tensor, long* sizes);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial int pr1_tensor_dtype(nint tensor);

    [LibraryImport(Library)]
    public static partial int pr1_tensor_device(nint tensor, out int type, out int index);

    [LibraryImport(Library)]
    public static partial int pr1_tensor_data(nint tensor, out void* data);

    [LibraryImport(Library)]
    public static partial int pr1_device_name(int type, byte* text, int capacity);

    [LibraryImport(Library)]
    public static partial int pr1_tensor_requires_grad(nint tensor);

    [LibraryImport(Library)]
    public static partial int pr1_tensor_set_requires_grad(nint tensor, int value);

    [LibraryImport(Library)]
    public static partial int pr1_tensor_grad(nint tensor, out nint result);

    [LibraryImport(Library)]
    public static partial int pr1_tensor_set_grad(nint tensor, nint grad);

    [LibraryImport(Library)]
    public static partial int pr1_tensor_backward(nint tensor, nint gradient);

    [LibraryImport(Library)]
    public static partial byte* pr1_torch_version();

    [LibraryImport(Library)]
    public static partial int pr1_build_info(byte* text, int capacity);

    [LibraryImport(Library)]
    public static partial int pr1_kernel_level(out byte* name);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int pr1_set_kernel_level(string? cap);

    [LibraryImport(Library)]
    public static partial int pr1_grad_enabled();

    [LibraryImport(Library)]
    public static partial void pr1_set_grad_enabled(int value);

    [LibraryImport(Library)]
    public static partial int pr1_threads();

    [LibraryImport(Library)]
    public static partial int pr1_set_threads(int count);

    [LibraryImport(Library)]
    public static partial int pr1_manual_seed(ulong seed);

    [LibraryImport(Library)]
    public static partial int pr1_set_deterministic(int value);

    [LibraryImport(Library)]
    public static partial int pr1_cuda_devices();

    [LibraryImport(Library)]
    public static partial int pr1_cuda_memory(int device, out long allocated, out long peak, out long reserved);

    [LibraryImport(Library)]
    public static partial int pr1_cuda_reset_peak(int device);

    [LibraryImport(Library)]
    public static partial int pr1_cuda_empty_cache();

    [LibraryImport(Library)]
    public static partial int pr1_trim_host_memory(long limit);

    [LibraryImport(Library)]
    public static partial int pr1_host_memory(out long allocated, out long reserved);

    /// <summary>Throws if a call failed, with <paramref name="what"/> and the error text of the last failed call on this thread.</summary>
    public static void Check(int status, string what)
    {
        if (status != 0)
            throw new TorchException($"{what}: {LastError()}");
    }

    /// <summary>Gets the error text of the last failed call on this thread, without libtorch's lists of registered kernels.</summary>
    public static string LastError()
    {
        var text = Marshal.PtrToStringUTF8((nint)pr1_last_error()) ?? "";
        return !text.Contains(Registered, StringComparison.Ordinal)
            ? text
            : string.Join('\n', text.Split('\n').Where(line => line.Length > 0 && !line.Contains(Registered, StringComparison.Ordinal)));
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search)
    {
        if (name != Library)
            return 0;
        ThreadSettings.Apply();
        ProcessorLimit.Apply();
        // Debian 13's libtorch loads UCX, whose signal handlers would end the process where .NET throws a NullReferenceException.
        ProcessEnvironment.Set("UCX_ERROR_SIGNALS", "");
        return NativeLibrary.Load(NativeLocation.Find());
    }
}
