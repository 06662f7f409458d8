using System.Runtime.InteropServices;
using ParallelR1.Models;

namespace ParallelR1.Tests.Parity;

/// <summary>The tensors of a reference case.</summary>
internal sealed class SafetensorsCase : IDisposable
{
    private readonly SafetensorsFile _file;

    public SafetensorsCase(string path) => _file = SafetensorsFile.Open(path);

    public bool Has(string name) => _file.TryGet(name, out _);

    public long[] Shape(string name) => [.. _file[name].Shape];

    public CheckpointDType DType(string name) => _file[name].DType;

    public float[] Floats(string name) => MemoryMarshal.Cast<byte, float>(_file.Bytes(name)).ToArray();

    public double[] Doubles(string name) => _file[name].DType == CheckpointDType.F64
        ? MemoryMarshal.Cast<byte, double>(_file.Bytes(name)).ToArray()
        : Array.ConvertAll(Floats(name), x => (double)x);

    public int[] Ints(string name) => MemoryMarshal.Cast<byte, int>(_file.Bytes(name)).ToArray();

    public long[] Longs(string name) => MemoryMarshal.Cast<byte, long>(_file.Bytes(name)).ToArray();

    public void Dispose() => _file.Dispose();
}
