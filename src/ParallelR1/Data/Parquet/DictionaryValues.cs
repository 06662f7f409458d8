namespace ParallelR1.Data.Parquet;

/// <summary>Values given as indexes into the dictionary of their column chunk.</summary>
internal sealed class DictionaryValues(object[] dictionary, HybridDecoder indexes) : IValueSource
{
    private HybridDecoder _indexes = indexes;

    public object Next()
    {
        var index = _indexes.Next();
        return index < (uint)dictionary.Length
            ? dictionary[index]
            : throw new InputException($"a page refers to entry {index} of a dictionary with {dictionary.Length}");
    }
}
