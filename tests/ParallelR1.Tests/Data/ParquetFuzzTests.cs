namespace ParallelR1.Tests.Data;

public class ParquetFuzzTests
{
    [Fact]
    public void Flipped_bytes_and_cuts_do_no_harm()
    {
        var files = Directory.GetFiles(Fixtures.Folder("parquet"), "*.parquet").Where(f => new FileInfo(f).Length < 4096).Order(StringComparer.Ordinal);
        var path = Path.Combine(Path.GetTempPath(), $"fuzz-{Guid.NewGuid():N}.parquet");
        try
        {
            foreach (var file in files)
                Harm(file, path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Harm(string file, string path)
    {
        var whole = File.ReadAllBytes(file);
        var key = RandomKey.FromSeed(5).Fold(Path.GetFileName(file));
        for (var round = 0; round < 60; round++)
        {
            var draw = key.Fold(round);
            var bytes = round % 10 == 0 ? whole[..draw.Next(whole.Length)] : (byte[])whole.Clone();
            for (var flip = 0; flip < 1 + round % 4 && bytes.Length > 0; flip++)
                bytes[draw.Next(bytes.Length, 2 * flip)] ^= (byte)(1 << draw.Next(8, (2 * flip) + 1));
            File.WriteAllBytes(path, bytes);
            ParquetHarm.AssertHarmless(path);
        }
    }
}
