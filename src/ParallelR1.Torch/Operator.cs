using System.Text;

namespace ParallelR1.Torch;

/// <summary>
/// An operator of the installed libtorch, by schema name (<c>aten::add.Tensor</c>, <c>parallelr1::path_attention</c>), called through
/// the dispatcher. Missing arguments have the schema's defaults. Thread-safe.
/// </summary>
public sealed class Operator
{
    private const int UsualResults = 16;

    private readonly string _name;
    private nint _handle;

    /// <summary>Initializes an operator by name; it is looked up at the first call.</summary>
    /// <param name="name">The schema name, with the overload after a dot.</param>
    public Operator(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _name = name;
    }

    /// <summary>Calls an operator with one result.</summary>
    /// <param name="arguments">The arguments, by position or by name.</param>
    /// <returns>The result.</returns>
    /// <exception cref="TorchException">libtorch reported an error, or has no such operator.</exception>
    public unsafe Tensor Call(params ReadOnlySpan<Argument> arguments)
    {
        var outputs = stackalloc nint[UsualResults];
        var produced = Invoke(arguments, outputs, out var more);
        if (produced == 1)
            return Tensor.FromHandle(outputs[0], _name);
        foreach (var handle in new ReadOnlySpan<nint>(more is null ? outputs : more, produced))
            NativeMethods.pr1_tensor_free(handle);
        NativeMethods.pr1_results_free(more);
        throw new TorchException($"{_name}: returned {produced} tensors where one was expected");
    }

    /// <summary>Calls an operator with any number of results.</summary>
    /// <param name="arguments">The arguments, by position or by name.</param>
    /// <returns>The results; null for undefined ones.</returns>
    /// <exception cref="TorchException">libtorch reported an error, or has no such operator.</exception>
    public unsafe Tensor?[] CallMany(params ReadOnlySpan<Argument> arguments)
    {
        var outputs = stackalloc nint[UsualResults];
        var results = new Tensor?[Invoke(arguments, outputs, out var more)];
        var handles = more is null ? outputs : more;
        for (var i = 0; i < results.Length; i++)
            results[i] = handles[i] == 0 ? null : Tensor.FromHandle(handles[i], _name);
        NativeMethods.pr1_results_free(more);
        return results;
    }

    private unsafe int Invoke(ReadOnlySpan<Argument> arguments, nint* outputs, out nint* more)
    {
        if (_handle == 0)
            Find();
        var scratch = ScratchBytes(arguments);
        var memory = stackalloc byte[scratch <= 2048 ? scratch : 0];
        fixed (byte* heap = scratch <= 2048 ? null : new byte[scratch])
        {
            var native = stackalloc NativeArgument[arguments.Length];
            Fill(arguments, native, scratch <= 2048 ? memory : heap);
            if (NativeMethods.pr1_op_call(_handle, native, arguments.Length, outputs, UsualResults, out var produced, out more) != 0)
                throw new TorchException($"{_name}({Describe(arguments)}): {NativeMethods.LastError()}");
            return produced;
        }
    }

    private void Find()
    {
        var dot = _name.IndexOf('.', StringComparison.Ordinal);
        var (name, overload) = dot < 0 ? (_name, "") : (_name[..dot], _name[(dot + 1)..]);
        if (NativeMethods.pr1_op_find(name, overload, out var handle) != 0)
            throw new TorchException($"{_name}: {NativeMethods.LastError()}");
        _handle = handle;
    }

    private static int ScratchBytes(ReadOnlySpan<Argument> arguments)
    {
        var bytes = 0;
        foreach (ref readonly var argument in arguments)
        {
            bytes += argument.Reference switch
            {
                long[] list => list.Length * sizeof(long),
                double[] list => list.Length * sizeof(double),
                bool[] list => (list.Length + 7) & ~7,
                Tensor[] list => list.Length * sizeof(long),
                string text => (Encoding.UTF8.GetMaxByteCount(text.Length) + 7) & ~7,
                _ => 0,
            };
        }

        return bytes;
    }

    private static unsafe void Fill(ReadOnlySpan<Argument> arguments, NativeArgument* native, byte* scratch)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            ref readonly var argument = ref arguments[i];
            native[i] = new NativeArgument { Name = argument.NamePointer, Kind = (int)argument.Kind, Value = argument.Bits };
            switch (argument.Reference)
            {
                case Tensor tensor:
                    native[i].Value = tensor.Handle;
                    break;
                case long[] list:
                    list.CopyTo(new Span<long>(scratch, list.Length));
                    Point(ref native[i], ref scratch, list.Length, list.Length * sizeof(long));
                    break;
                case double[] list:
                    list.CopyTo(new Span<double>(scratch, list.Length));
                    Point(ref native[i], ref scratch, list.Length, list.Length * sizeof(double));
                    break;
                case bool[] list:
                    list.CopyTo(new Span<bool>(scratch, list.Length));
                    Point(ref native[i], ref scratch, list.Length, (list.Length + 7) & ~7);
                    break;
                case Generator generator:
                    native[i].Value = generator.Handle;
                    break;
                case Tensor[] list:
                    for (var j = 0; j < list.Length; j++)
                        ((long*)scratch)[j] = list[j]?.Handle ?? 0;
                    Point(ref native[i], ref scratch, list.Length, list.Length * sizeof(long));
                    break;
                case string text:
                    var room = (Encoding.UTF8.GetMaxByteCount(text.Length) + 7) & ~7;
                    Point(ref native[i], ref scratch, Encoding.UTF8.GetBytes(text, new Span<byte>(scratch, room)), room);
                    break;
            }
        }
    }

    private static unsafe void Point(ref NativeArgument native, ref byte* scratch, int length, int bytes)
    {
        native.Value = (long)scratch;
        native.Length = length;
        scratch += bytes;
    }

    private static string Describe(ReadOnlySpan<Argument> arguments)
    {
        var text = new StringBuilder();
        foreach (ref readonly var argument in arguments)
        {
            if (text.Length > 0)
                text.Append(", ");
            if (argument.Name is not null)
                text.Append(argument.Name).Append('=');
            text.Append(argument.Reference switch
            {
                Tensor tensor => tensor.ToString(),
                long[] list => $"[{string.Join(", ", list)}]",
                double[] list => $"[{string.Join(", ", list)}]",
                bool[] list => $"[{string.Join(", ", list)}]",
                Generator generator => generator.ToString(),
                Tensor[] list => $"[{string.Join(", ", list.Select(t => t?.ToString() ?? "none"))}]",
                string value => $"'{value}'",
                _ => argument.Kind switch
                {
                    ArgumentKind.None => "none",
                    ArgumentKind.Double => BitConverter.Int64BitsToDouble(argument.Bits).ToString("R"),
                    ArgumentKind.Bool => argument.Bits != 0 ? "true" : "false",
                    _ => argument.Bits.ToString(),
                },
            });
        }

        return text.ToString();
    }
}
