using ParallelR1.Torch;

namespace ParallelR1.Tests.Torch;

/// <summary>These count what the whole process holds, so they run by themselves.</summary>
[Collection(nameof(TensorScopeTests))]
public sealed class MemoryTests
{
    private const long Bytes = 256 << 20;

    [Fact]
    public void A_large_tensor_shows_in_the_memory_while_it_lives()
    {
        var before = Runtime.Memory(Device.Cpu);
        MemoryStatistics within;
        using (var x = Tensor.Zeros([Bytes / 4]))
        {
            x.Fill(1);
            within = Runtime.Memory(Device.Cpu);
        }

        var after = Runtime.Memory(Device.Cpu);
        Assert.InRange(within.Allocated - before.Allocated - Bytes, -Bytes / 4, Bytes / 4);
        Assert.InRange(after.Allocated - before.Allocated, -Bytes / 4, Bytes / 4);
        Assert.True(within.Reserved >= within.Allocated, $"{within}");
        // The system counts resident pages of each thread in batches, so its peak is not exact.
        Assert.True(within.Peak >= Bytes && after.Peak >= within.Peak - (16 << 20), $"{within}, {after}");
    }

    [Fact]
    public void A_gpus_memory_is_counted_and_its_peak_counted_anew()
    {
        if (Runtime.CudaDevices == 0)
        {
            Assert.Contains("CUDA devices here: 0", Assert.Throws<TorchException>(() => Runtime.Memory(Device.Cuda())).Message, StringComparison.Ordinal);
            Assert.Throws<TorchException>(() => Runtime.ResetPeakMemory(Device.Cuda()));
            Runtime.EmptyCache();
            return;
        }

        var before = Runtime.Memory(Device.Cuda());
        using (var x = Tensor.Zeros([Bytes / 4], device: Device.Cuda()))
            Assert.InRange(Runtime.Memory(Device.Cuda()).Allocated - before.Allocated, Bytes, Bytes + (Bytes / 4));
        Assert.True(Runtime.Memory(Device.Cuda()).Peak >= Bytes);
        Runtime.ResetPeakMemory(Device.Cuda());
        Runtime.EmptyCache();
        Assert.True(Runtime.Memory(Device.Cuda()).Peak < Bytes);
    }

    [Fact]
    public void Holes_between_living_tensors_go_back_to_the_system_when_asked()
    {
        var tensors = Enumerable.Range(0, 64).Select(_ => Tensor.Zeros([1 << 20])).ToArray(); // 4 MiB each
        foreach (var tensor in tensors)
            tensor.Fill(1);
        foreach (var (i, tensor) in tensors.Index())
        {
            if (i % 2 == 0)
                tensor.Dispose();
        }

        var before = Resident();
        Runtime.TrimHostMemory(long.MaxValue);
        var kept = Resident();
        Runtime.TrimHostMemory(64 << 20);

        Assert.InRange(before - kept, -16 << 20, 16 << 20);
        Assert.True(kept - Resident() > 64 << 20, $"{before}, {kept}, {Resident()}");
        foreach (var tensor in tensors)
            tensor.Dispose();
    }

    private static long Resident()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    [Fact]
    public void Memory_of_a_device_that_is_not_known_is_refused()
    {
        Assert.Throws<TorchException>(() => Runtime.Memory(Device.Cuda(99)));
        Assert.Throws<TorchException>(() => Runtime.Memory(new Device("meta")));
    }
}
