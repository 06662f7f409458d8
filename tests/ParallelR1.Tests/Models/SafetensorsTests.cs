using System.Buffers.Binary;
using System.Text;
using ParallelR1.Models;

namespace ParallelR1.Tests.Models;

public sealed class SafetensorsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WhatIsWrittenIsReadBack()
    {
        var path = WriteSample();
        using var file = SafetensorsFile.Open(path);
        Assert.Equal(["wide", "scalar", "flags"], file.Tensors.Select(t => t.Name));
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal([2L, 3L], file["wide"].Shape);
        Assert.Equal(24, file.Bytes("wide").Length);
        Assert.Equal(1.5f, BinaryPrimitives.ReadSingleLittleEndian(file.Bytes("wide")[4..]));
        Assert.Equal([1, 0, 1], file.Bytes("flags").ToArray());
        Assert.Empty(file["scalar"].Shape);
        Assert.Equal(1, file["scalar"].Count);
        Assert.False(file.TryGet("none", out _));
    }

    [Fact]
    public void EveryTruncationIsAClearError()
    {
        var whole = File.ReadAllBytes(WriteSample());
        for (var length = 0; length < whole.Length; length++)
        {
            var error = Assert.Throws<InputException>(() => Open(whole[..length]));
            Assert.Contains("bad.safetensors", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AFlippedByteIsAnErrorOrAnotherValidFile()
    {
        var whole = File.ReadAllBytes(WriteSample());
        var headerEnd = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(whole);
        for (var at = 0; at < headerEnd; at++)
        {
            foreach (var mask in new byte[] { 1, 2, 16, 128, 255 })
            {
                var damaged = (byte[])whole.Clone();
                damaged[at] ^= mask;
                try
                {
                    Open(damaged);
                }
                catch (InputException)
                {
                    // The clear error that was asked for.
                }
            }
        }
    }

    [Theory]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4, "needs 8 bytes")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}", 0, "impossibly large")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807,9223372036854775807,4],\"data_offsets\":[0,0]}}", 0, "impossibly large")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1000000000000],\"data_offsets\":[0,4000000000000]}}", 4, "cut off")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", 4, "shape")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}", 4, "shape")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[18446744073709551615],\"data_offsets\":[0,4]}}", 4, "shape")]
    [InlineData("{\"a\":{\"dtype\":\"Q9\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "unknown type")]
    [InlineData("{\"a\":{\"dtype\":\"1\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "unknown type")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}", 4, "offsets")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8, "gap")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 8, "follow the last")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[2,6]}}", 6, "inside the tensor")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8, "twice")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "twice")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, "lacks")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,8]}}", 4, "more than 2")]
    [InlineData("{\"a\":7}", 4, "expected StartObject")]
    [InlineData("[]", 0, "expected StartObject")]
    [InlineData("{} {}", 0, "not valid JSON")]
    [InlineData("{\"__metadata__\":{\"a\":1}}", 0, "expected String")]
    [InlineData("{\"\\ud800\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "not valid JSON")]
    public void AContradictionIsNamed(string header, int dataBytes, string expected)
    {
        var error = Assert.Throws<InputException>(() => Open(Bytes(header, dataBytes)));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DeepNestingInTheHeaderIsAnError() =>
        Assert.Throws<InputException>(() => Open(Bytes($"{{\"a\":{{\"x\":{new string('[', 100_000)}", 0)));

    [Fact]
    public void HugeClaimsAllocateNothing()
    {
        var huge = Bytes("""{"a":{"dtype":"F64","shape":[1000000,1000000],"data_offsets":[0,8000000000000]}}""", 8);
        var longHeader = new byte[64];
        BinaryPrimitives.WriteUInt64LittleEndian(longHeader, ulong.MaxValue);
        Assert.Throws<InputException>(() => Open(huge));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InputException>(() => Open(huge));
        Assert.Throws<InputException>(() => Open(longHeader));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void AWriterThatWritesTooLittleLeavesNoFile()
    {
        var source = new TensorSource(new TensorEntry("a", CheckpointDType.F32, [4]), stream => stream.Write(new byte[8]));
        Assert.Throws<InvalidOperationException>(() => SafetensorsWriter.Write(_folder["short.safetensors"], [source]));
        Assert.Empty(Directory.GetFiles(_folder.FullPath));
    }

    [Fact]
    public void DataIsAligned()
    {
        SafetensorsWriter.Write(_folder["mixed.safetensors"],
        [
            new TensorSource(new TensorEntry("a", CheckpointDType.U8, [3]), s => s.Write(new byte[3])),
            new TensorSource(new TensorEntry("b", CheckpointDType.I64, [1]), s => s.Write(new byte[8])),
            new TensorSource(new TensorEntry("c", CheckpointDType.BF16, [1]), s => s.Write(new byte[2])),
        ]);
        using var file = SafetensorsFile.Open(_folder["mixed.safetensors"]);
        Assert.Equal(["b", "c", "a"], file.Tensors.Select(t => t.Name));
    }

    private static byte[] Bytes(string header, int dataBytes)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + json.Length + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, json.Length);
        json.CopyTo(bytes, 8);
        return bytes;
    }

    private string WriteSample()
    {
        var path = _folder["good.safetensors"];
        SafetensorsWriter.Write(path,
        [
            new TensorSource(new TensorEntry("flags", CheckpointDType.BOOL, [3]), s => s.Write([1, 0, 1])),
            TensorSource.FromFloats("wide", [0, 1.5f, 2, 3, 4, 5], 2, 3),
            new TensorSource(new TensorEntry("scalar", CheckpointDType.F16, []), s => s.Write([0, 60])),
        ]);
        return path;
    }

    private void Open(byte[] bytes)
    {
        var path = _folder["bad.safetensors"];
        File.WriteAllBytes(path, bytes);
        using var file = SafetensorsFile.Open(path);
        foreach (var tensor in file.Tensors)
            Assert.Equal(tensor.ByteCount, file.Bytes(tensor.Name).Length);
    }
}
