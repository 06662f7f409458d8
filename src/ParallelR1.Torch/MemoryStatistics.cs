namespace ParallelR1.Torch;

/// <summary>Memory of a device, in bytes.</summary>
/// <param name="Allocated">In use now.</param>
/// <param name="Peak">In use at most so far.</param>
/// <param name="Reserved">Taken from the system or the driver now, in use or not.</param>
public readonly record struct MemoryStatistics(long Allocated, long Peak, long Reserved);
