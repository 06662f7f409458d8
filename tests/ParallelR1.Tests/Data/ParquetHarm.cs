using System.Diagnostics;
using ParallelR1.Data.Parquet;

namespace ParallelR1.Tests;

/// <summary>Reads a damaged file and asserts that nothing worse than an error comes of it.</summary>
internal static class ParquetHarm
{
    public static void AssertHarmless(string file)
    {
        var name = Path.GetFileName(file);
        var size = new FileInfo(file).Length;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        try
        {
            foreach (var row in ParquetReader.ReadRows(file))
                _ = row.ToJsonString();
        }
        catch (InputException e)
        {
            Assert.StartsWith(file, e.Message);
        }
        catch (Exception e)
        {
            Assert.Fail($"{name}: {e}");
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < (64 * size) + (8 << 20), $"{name}: {allocated:N0} bytes allocated for a file of {size:N0}");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{name}: took {watch.Elapsed}");
    }
}
