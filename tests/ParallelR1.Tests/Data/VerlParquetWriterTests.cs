using System.Text.Json.Nodes;
using ParallelR1.Data;
using ParallelR1.Data.Parquet;

namespace ParallelR1.Tests.Data;

public class VerlParquetWriterTests
{
    [Fact]
    public void What_is_written_is_read_again_in_the_schema_of_verl()
    {
        using var folder = new TemporaryFolder();
        var problem = new Problem("p-1", "What is 1 + 1? 漢🙂", "2", null, "own", "train", new JsonObject());
        Write(folder["out.parquet"], [problem]);
        var row = Assert.Single(ParquetReader.ReadRows(folder["out.parquet"]));
        var expected = JsonNode.Parse("""
            {"data_source":"own","prompt":[{"content":"What is 1 + 1? 漢🙂","role":"user"}],"ability":"math",
             "reward_model":{"ground_truth":"2","style":"rule"},
             "extra_info":{"index":0,"problem_id":"p-1","question":"What is 1 + 1? 漢🙂","solution":null,"split":"train"}}
            """);
        Assert.True(JsonNode.DeepEquals(expected, row), row.ToJsonString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(10_000)]
    public void Any_number_of_problems_survives_the_way_there_and_back(int count)
    {
        using var folder = new TemporaryFolder();
        var key = RandomKey.FromSeed(count);
        var problems = Enumerable.Range(0, count)
            .Select(i => new Problem($"p-{i}", new string('x', 1 + key.Next(300, i)) + i, $"{i}", key.Next(2, -i - 1) == 0 ? null : $"so {i}", "own", "test", new JsonObject()))
            .ToList();
        Write(folder["out.parquet"], problems);
        Assert.Equal(problems.Select(Key), ProblemSet.Load(folder["out.parquet"]).Select(Key));
        using var reader = ParquetReader.Open(folder["out.parquet"]);
        Assert.Equal(count, reader.RowCount);
    }

    private static (string, string, string, string?, string, string) Key(Problem p) => (p.Id, p.Text, p.Answer, p.Solution, p.Source, p.Split);

    private static void Write(string path, IEnumerable<Problem> problems)
    {
        using var file = File.Create(path);
        VerlParquetWriter.Write(file, problems);
    }
}
