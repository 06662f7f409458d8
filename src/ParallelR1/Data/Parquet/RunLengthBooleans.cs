namespace ParallelR1.Data.Parquet;

/// <summary>Run-length encoded booleans.</summary>
internal sealed class RunLengthBooleans(HybridDecoder bits) : IValueSource
{
    private HybridDecoder _bits = bits;

    public object Next() => _bits.Next() != 0;
}
