using System.Text.Json.Nodes;
using ParallelR1.Data.Parquet;

namespace ParallelR1.Tests.Data;

public class ParquetRowWriterTests
{
    private static readonly ParquetField[] s_fields =
    [
        new TextField("text"), new IntegerField("count"), new NumberField("share"), new BooleanField("flag"),
        new ListField("lists", new ListField("element", new IntegerField("element"))),
        new StructField("deep", [new StructField("er", [new TextField("x"), new ListField("ys", new StructField("element", [new TextField("y")]))])]),
    ];

    [Theory]
    [InlineData("""{"text":"漢🙂","count":-9223372036854775808,"share":0.1,"flag":true,"lists":[[1,2],[],null,[3]],"deep":{"er":{"x":"a","ys":[{"y":"b"},{"y":null},null]}}}""")]
    [InlineData("""{"text":"","count":0,"share":1e300,"flag":false,"lists":[],"deep":{"er":null}}""")]
    [InlineData("""{"text":null,"count":null,"share":null,"flag":null,"lists":null,"deep":null}""")]
    [InlineData("""{"text":"a","count":1,"share":-2.5,"flag":false,"lists":[null],"deep":{"er":{"x":null,"ys":[]}}}""")]
    public void Rows_are_read_again_as_they_were_written(string row)
    {
        using var folder = new TemporaryFolder();
        List<JsonObject> rows = [Parse(row), Parse("""{"text":"between","count":7,"share":0.5,"flag":true,"lists":[[9]],"deep":{"er":{"x":"x","ys":null}}}"""), Parse(row)];
        using (var file = File.Create(folder["rows.parquet"]))
            Assert.Equal(3, ParquetRowWriter.Write(file, s_fields, rows));
        var read = ParquetReader.ReadRows(folder["rows.parquet"]).ToList();
        Assert.Equal(3, read.Count);
        Assert.All(rows.Zip(read), pair => Assert.True(JsonNode.DeepEquals(pair.First, pair.Second), pair.Second.ToJsonString()));
    }

    [Fact]
    public void A_machine_without_the_native_library_is_told_which_have_it()
    {
        var error = Assert.Throws<UsageException>(() => NativeParquet.Call<int>(() => throw new DllNotFoundException("ParquetSharpNative")));
        Assert.Contains("linux-arm64", error.Message);
    }

    private static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;
}
