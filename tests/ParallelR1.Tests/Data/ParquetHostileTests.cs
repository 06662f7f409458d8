using System.Diagnostics;
using ParallelR1.Data.Parquet;
using ParquetSharp;

namespace ParallelR1.Tests.Data;

/// <summary>Files made to do harm: false sizes, counts and types at every place of the format that has one.</summary>
public class ParquetHostileTests
{
    [Fact]
    public void False_sizes_counts_and_types_do_no_harm()
    {
        var files = Files();
        Assert.NotEmpty(files);
        foreach (var file in files)
            ParquetHarm.AssertHarmless(file);
    }

    [Theory]
    [InlineData(64, 0x02)]
    [InlineData(64, 0x04)]
    [InlineData(65, 0x02)]
    [InlineData(16_000, 0x02)]
    [InlineData(16_000, 0x04)]
    [InlineData(200_000, 0x02)]
    [InlineData(2_000_000, 0x02)]
    public void A_schema_of_any_depth_does_not_end_the_process(int depth, byte repetition)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["deep.parquet"], Deep(depth, repetition));
        if (depth < 64)
            Assert.Empty(ParquetReader.ReadRows(folder["deep.parquet"]));
        else
            ParquetHarm.AssertHarmless(folder["deep.parquet"]);
    }

    /// <summary>The whole process has a gigabyte for its data: what a file claims beyond that is not taken.</summary>
    [Theory]
    [InlineData("flat-zstd-dictionary-pages2.compressed2147483647")]
    [InlineData("flat-zstd-dictionary-pages2.uncompressed2147483647")]
    [InlineData("flat-zstd-dictionary-pages2.values7-2147483647")]
    [InlineData("nested-snappy-dictionary-pages2-nulls.list2-2147483647")]
    public async Task A_process_with_little_memory_reports_the_file_and_lives(string name)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the shell of other systems cannot limit the data of a process");
        var file = Files().Single(f => Path.GetFileNameWithoutExtension(f) == name);
        using var process = Process.Start(new ProcessStartInfo(
            "/bin/sh",
            ["-c", "ulimit -d 1000000; exec dotnet \"$0\" data show \"$1\"", Path.Combine(AppContext.BaseDirectory, "parallel-r1.dll"), file])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode is 0 or 1, $"{process.ExitCode}: {await error}{await output}");
    }

    [Fact]
    public void A_few_bytes_that_unpack_to_very_many_are_refused_with_both_figures()
    {
        using var folder = new TemporaryFolder();
        using (var properties = new WriterPropertiesBuilder().Compression(Compression.Zstd).DisableDictionary().Build())
        using (var writer = new ParquetFileWriter(folder["bomb.parquet"], [new Column<string>("text")], properties))
        {
            using var group = writer.AppendRowGroup();
            using var column = group.NextColumn().LogicalWriter<string>();
            for (var i = 0; i < 300; i++)
                column.WriteBatch([new string('0', 1 << 20)]);
            writer.Close();
        }

        var error = Assert.Throws<InputException>(() => ParquetReader.ReadRows(folder["bomb.parquet"]).Count());

        Assert.StartsWith(folder["bomb.parquet"], error.Message, StringComparison.Ordinal);
        Assert.Matches(@"column 'text': [\d,]+ bytes unpack to 314,[\d,]+, more than 256 times as many", error.Message);
    }

    private static string[] Files() => Directory.GetFiles(Fixtures.Folder("parquet/hostile"), "*.parquet");

    /// <summary>A file without rows whose schema nests: version, schema, rows 0, no row groups.</summary>
    private static byte[] Deep(int depth, byte repetition)
    {
        using var footer = new MemoryStream();
        footer.Write([0x15, 0x02, 0x19, 0xFC]);
        for (var count = (uint)depth + 2; ; count >>= 7)
        {
            footer.WriteByte((byte)(count >= 0x80 ? count | 0x80 : count));
            if (count < 0x80)
                break;
        }

        footer.Write([0x48, 0x01, (byte)'s', 0x15, 0x02, 0x00]);
        for (var i = 0; i < depth; i++)
            footer.Write([0x35, repetition, 0x18, 0x01, (byte)'a', 0x15, 0x02, 0x00]);
        footer.Write([0x15, 0x02, 0x25, 0x02, 0x18, 0x01, (byte)'x', 0x00, 0x16, 0x00, 0x19, 0x0C, 0x00]);
        return [.. "PAR1"u8, .. footer.ToArray(), .. BitConverter.GetBytes((int)footer.Length), .. "PAR1"u8];
    }
}
