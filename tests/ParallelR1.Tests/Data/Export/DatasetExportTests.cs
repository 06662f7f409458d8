using System.Diagnostics;
using System.Text.Json.Nodes;
using ParallelR1.Data;
using ParallelR1.Data.ColdStart;
using ParallelR1.Data.Export;
using ParallelR1.Data.Parquet;
using YamlDotNet.Serialization;

namespace ParallelR1.Tests.Data.Export;

public class DatasetExportTests
{
    private const string TrainFile = "data/train-00000-of-00001.parquet";

    [Fact]
    public void A_set_becomes_a_folder_whose_rows_are_its_own()
    {
        using var folder = new TemporaryFolder();
        var summary = DatasetExport.Run("synthetic-easy-test", folder["out"]);
        Assert.Equal(500, summary.Files["data/test-00000-of-00001.parquet"]);
        var rows = ParquetReader.ReadRows(folder["out/data/test-00000-of-00001.parquet"]).ToList();
        Assert.All(NamedRows.Read("synthetic-easy-test").Zip(rows), pair => Assert.True(JsonNode.DeepEquals(pair.First, pair.Second)));
        Assert.Equal(["README.md", "data"], Directory.GetFileSystemEntries(folder["out"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Rows_of_any_shape_come_back()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("rows.jsonl", """
            {"id":1,"mixed":1,"number":1,"meta":{},"tags":["a",null],"deep":{"x":[{"y":1},{"z":"q"}]},"large":123456789012345678901234567890}
            {"id":2,"mixed":"one","number":0.5,"meta":{},"tags":[],"deep":null,"none":null,"large":1}
            {"id":3,"mixed":{"a":[1]},"number":null,"deep":{"x":[]},"bool":true}
            """);
        DatasetExport.Run(file, folder["out"]);
        var rows = ParquetReader.ReadRows(folder["out/" + TrainFile]).Select(r => r.ToJsonString()).ToList();
        Assert.Equal(
            [
                """{"id":1,"mixed":"1","number":1,"tags":["a",null],"deep":{"x":[{"y":1,"z":null},{"y":null,"z":"q"}]},"large":"123456789012345678901234567890","none":null,"bool":null}""",
                """{"id":2,"mixed":"one","number":0.5,"tags":[],"deep":null,"large":"1","none":null,"bool":null}""",
                """{"id":3,"mixed":"{\u0022a\u0022:[1]}","number":null,"tags":null,"deep":{"x":[]},"large":null,"none":null,"bool":true}""",
            ],
            rows);
    }

    [Fact]
    public void Each_split_has_a_file_and_stands_in_the_card()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("rows.jsonl", """
            {"id":"a","split":"train"}
            {"id":"b","split":"test"}
            {"id":"c","split":""}
            {"id":"d","split":"../../x"}
            """);
        var summary = DatasetExport.Run(file, folder["out"]);
        Assert.Equal(["data/train-00000-of-00001.parquet=3", "data/test-00000-of-00001.parquet=1"], summary.Files.Select(f => $"{f.Key}={f.Value}"));
        var splits = (List<object>)((Dictionary<object, object>)((List<object>)Front(folder["out"])["configs"])[0])["data_files"];
        Assert.Equal(["data/train-*", "data/test-*"], splits.Cast<Dictionary<object, object>>().Select(s => s["path"]));
    }

    [Fact]
    public void The_card_of_a_cold_start_run_tells_source_teacher_licence_counts_filters_and_an_example()
    {
        using var folder = new TemporaryFolder();
        folder.Write("run/" + ColdStartRun.ExamplesFile, """{"id":"g/0","problem":"1 + 1?","response":"<Parallel>…","answer":"2","source":"gsm8k","split":"train","teacher":{"model":"big-model","sampling":{"temperature":0.7}}}""");
        folder.Write("run/" + ColdStartRun.ReportFile, """{"settings":{"model":"big-model","sampling":{"temperature":0.7}},"total":{"samples":10,"valid_format":6,"correct":7,"kept":1},"rejected":{"wrong_answer":{"any":3,"first":2}}}""");
        var summary = DatasetExport.Run(folder["run"], folder["out"]);
        Assert.Equal((1, "mit"), (summary.Files[TrainFile], summary.Licence));
        Assert.Equal("mit", Front(folder["out"])["license"]);
        var card = File.ReadAllText(folder["out/README.md"]);
        Assert.All(
            [
                "`gsm8k`: 1 rows; GSM8K (Cobbe et al. 2021), MIT", "`big-model`: 1 rows", "\"temperature\":0.7", "| train | 1 |",
                "10 answers asked for, 6 had a valid format", "| `wrong_answer` | 3, first reason for 2 |", "\"problem\": \"1 + 1?\"",
            ],
            part => Assert.Contains(part, card));
    }

    [Fact]
    public void The_example_is_drawn_by_the_seed_and_its_fence_holds()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("rows.jsonl", string.Join('\n', Enumerable.Range(0, 50).Select(i => $$"""{"id":"row-{{i}}","text":"```` and --- and ```"}""")));
        string Card(string name, long seed)
        {
            DatasetExport.Run(file, folder[name], new ExportOptions { Seed = seed });
            return File.ReadAllText(folder[name + "/README.md"]);
        }

        Assert.Equal(Card("one", 1), Card("two", 1).Replace("two", "one", StringComparison.Ordinal));
        Assert.True(Enumerable.Range(0, 8).Select(seed => Card($"seed-{seed}", seed).Split("\"id\": ")[1][..8]).Distinct().Count() > 2);
        Assert.Contains("\n`````json\n", File.ReadAllText(folder["one/README.md"]));
    }

    [Fact]
    public void A_folder_that_holds_something_is_never_written_to()
    {
        using var folder = new TemporaryFolder();
        folder.Write("out/mine.txt", "mine");
        Assert.Contains("is not empty", Assert.Throws<UsageException>(() => DatasetExport.Run("synthetic-easy-test", folder["out"])).Message);
        Assert.Equal("mine", File.ReadAllText(Assert.Single(Directory.GetFiles(folder["out"]))));
    }

    [Theory]
    [InlineData("{\"id\":1}\n{\"id\":")]
    [InlineData("")]
    [InlineData("{}")]
    public void What_cannot_be_exported_leaves_nothing_behind(string text)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("rows.jsonl", text);
        Assert.Throws<InputException>(() => DatasetExport.Run(file, folder["out"]));
        Assert.Equal([file], Directory.GetFileSystemEntries(folder.FullPath));
    }

    [Fact]
    public void The_folder_is_read_by_Pythons_datasets()
    {
        Assert.SkipUnless(Python("import datasets") is (0, _), "no Python with the package 'datasets' here");
        using var folder = new TemporaryFolder();
        DatasetExport.Run("synthetic-easy-test", folder["out"]);
        var (status, output) = Python($"import datasets; d = datasets.load_dataset('{folder["out"]}', cache_dir='{folder["cache"]}'); print(len(d['test']), d['test'][0]['id'], sep='|')");
        Assert.True(status == 0, output);
        Assert.EndsWith("500|synthetic-easy-test-0", output.Trim());
    }

    private static Dictionary<object, object> Front(string folder) =>
        new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(File.ReadAllText(Path.Combine(folder, "README.md")).Split("---\n")[1]);

    private static (int Status, string Output) Python(string code)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("python3", ["-c", code]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output + error.Result);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (-1, "no python3");
        }
    }
}
