using System.Diagnostics;
using ParallelR1.Data;
using ParallelR1.Data.Parquet;

namespace ParallelR1.Tests.Data;

public class RowFileTests
{
    private const string Lines = "{\"a\":1}\n{\"a\":2}\n";

    [Fact]
    public void Lines_are_read_from_a_pipe()
    {
        using var folder = new TemporaryFolder();
        var text = folder.Write("rows.jsonl", Lines);
        Assert.Equal(RowFile.Read(text).Select(r => r.ToJsonString()), ThroughPipe(folder, text));
    }

    [Fact]
    public void Parquet_is_read_from_a_pipe()
    {
        using var folder = new TemporaryFolder();
        using (var file = File.Create(folder["rows.parquet"]))
            VerlParquetWriter.Write(file, [new Problem("p", "q?", "1", null, "own", "train", [])]);
        Assert.Equal(RowFile.Read(folder["rows.parquet"]).Select(r => r.ToJsonString()), ThroughPipe(folder, folder["rows.parquet"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{}\n")]
    public void Few_bytes_are_lines(string text)
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(text.Length > 0 ? 1 : 0, RowFile.Read(folder.Write("short.jsonl", text)).Count());
    }

    [Fact]
    public void What_has_to_be_read_twice_is_refused_from_a_pipe()
    {
        using var folder = new TemporaryFolder();
        var pipe = Pipe(folder, folder.Write("rows.jsonl", Lines), out var feeder);
        using (feeder)
        {
            var error = Assert.Throws<UsageException>(() => Preparation.Run(pipe, folder["out.jsonl"], new PreparationOptions()));
            Assert.Contains("is a pipe", error.Message);
            feeder.WaitForExit();
        }
    }

    private static List<string> ThroughPipe(TemporaryFolder folder, string file)
    {
        var pipe = Pipe(folder, file, out var feeder);
        using (feeder)
        {
            var rows = RowFile.Read(pipe).Select(r => r.ToJsonString()).ToList();
            feeder.WaitForExit();
            return rows;
        }
    }

    private static string Pipe(TemporaryFolder folder, string file, out Process feeder)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "named pipes lie elsewhere on Windows");
        var pipe = folder["pipe"];
        feeder = Process.Start("/bin/sh", ["-c", "mkfifo \"$1\" && cat \"$0\" > \"$1\"", file, pipe]);
        while (!File.Exists(pipe))
            Thread.Sleep(5);
        return pipe;
    }
}
