using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ParallelR1.Data.Parquet;
using ParallelR1.IO;

namespace ParallelR1.Tests.Parity;

public class ParquetTests
{
    [Fact]
    public void Every_file_equals_its_json_lines()
    {
        var failures = new List<string>();
        var files = Directory.GetFiles(Fixtures.Folder("parquet"), "*.parquet").Order(StringComparer.Ordinal).ToArray();
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            if (FirstDifference(file) is { } difference)
                failures.Add($"{Path.GetFileName(file)}: {difference}");
        }

        Assert.Empty(failures);
    }

    [Fact]
    public void Every_damaged_file_gives_rows_or_a_clear_error()
    {
        var files = Directory.GetFiles(Path.Combine(Fixtures.Folder("parquet"), "damaged"), "*.parquet");
        Assert.NotEmpty(files);
        foreach (var file in files)
            ParquetHarm.AssertHarmless(file);
    }

    [Theory]
    [InlineData("gsm8k-train")]
    [InlineData("gsm8k-test")]
    [InlineData("math-train")]
    [InlineData("math-test")]
    [InlineData("dapo-train")]
    [InlineData("apo-combine-test")]
    [InlineData("apo-combine-test-v3")]
    [InlineData("parallel-gsm8k-sample")]
    public void The_published_files_hash_as_recorded(string name)
    {
        var counts = JsonNode.Parse(File.ReadAllText(Fixtures.DataFile("counts.json")))![$"parquet/{name}.parquet"]!;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var rows = 0;
        foreach (var row in ParquetReader.ReadRows(Fixtures.DataFile($"parquet/{name}.parquet")))
        {
            if (rows++ > 0)
                hash.AppendData("\n"u8);
            hash.AppendData(Encoding.UTF8.GetBytes(CanonicalJson.Write(row)));
        }

        Assert.Equal((int)counts["rows"]!, rows);
        Assert.Equal((string)counts["sha256_of_json_lines"]!, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static string? FirstDifference(string file)
    {
        var expected = JsonLines.ReadText(Path.ChangeExtension(file, "jsonl")).Select(l => JsonNode.Parse(l.Text)).ToList();
        var row = 0;
        foreach (var found in ParquetReader.ReadRows(file))
        {
            if (row >= expected.Count)
                return $"more than {expected.Count} rows";
            if (!JsonNode.DeepEquals(Normal(expected[row]), Normal(found)))
                return $"row {row} is {found.ToJsonString()}, expected {expected[row]!.ToJsonString()}";
            row++;
        }

        return row == expected.Count ? null : $"{row} rows, expected {expected.Count}";
    }

    // 62.0 and 62 are the same number.
    private static JsonNode? Normal(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.Select(p => KeyValuePair.Create(p.Key, Normal(p.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Normal)]),
        JsonValue v when v.GetValueKind() == System.Text.Json.JsonValueKind.Number => JsonValue.Create(decimal.Parse(v.ToJsonString(), System.Globalization.NumberStyles.Float)),
        null => null,
        _ => node.DeepClone(),
    };
}
