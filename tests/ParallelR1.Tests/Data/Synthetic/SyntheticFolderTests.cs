using System.Text.Json.Nodes;
using ParallelR1.Data.Synthetic;
using ParallelR1.IO;

namespace ParallelR1.Tests.Data.Synthetic;

public sealed class SyntheticFolderTests : IDisposable
{
    private static readonly SyntheticFolderOptions Small = new() { Seed = 9, Easy = 300, Hard = 200, EasyTest = 40, HardTest = 40, Sequential = 400, ColdStart = 100 };

    private readonly string _folder = Directory.CreateTempSubdirectory("synth-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_files_hold_as_many_lines_as_the_manifest_says_and_nothing_else_is_left()
    {
        var manifest = SyntheticFolder.Write(_folder, Small);

        Assert.Equal(
            [
                "cold-start-numbered.jsonl", "cold-start-sequential.jsonl", "cold-start.jsonl", "easy-test.jsonl", "easy-train.jsonl",
                "hard-test.jsonl", "hard-train.jsonl", "hard-validation.jsonl", "manifest.json", "sequential.jsonl",
            ],
            Directory.GetFiles(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (var (name, file) in manifest["files"]!.AsObject())
            Assert.Equal((int)file!["count"]!, Read(name).Count);
        Assert.Equal([300, 200, 40, 40, 400, 100], new[] { "easy-train", "hard-train", "easy-test", "hard-test", "sequential", "cold-start" }.Select(x => Read(x).Count));
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes_and_another_seed_other_problems()
    {
        foreach (var (name, seed) in new[] { ("a", 9), ("b", 9), ("c", 10) })
            SyntheticFolder.Write(Path.Combine(_folder, name), Small with { Seed = seed });

        foreach (var file in Directory.GetFiles(Path.Combine(_folder, "a")).Select(x => Path.GetFileName(x)!))
            Assert.Equal(Bytes("a", file), Bytes("b", file));
        Assert.NotEqual(Bytes("a", "easy-train.jsonl"), Bytes("c", "easy-train.jsonl"));
    }

    [Fact]
    public void Records_carry_all_fields_and_every_solution_ends_in_the_answer()
    {
        SyntheticFolder.Write(_folder, Small);

        foreach (var name in new[] { "easy-train", "easy-test", "hard-train", "hard-validation", "hard-test" })
        {
            foreach (var record in Read(name))
            {
                Assert.Equal(["id", "problem", "answer", "solution", "source", "split", "meta"], record.Select(x => x.Key));
                Assert.EndsWith($"\n\nFinal Answer: {record["answer"]}", (string)record["solution"]!, StringComparison.Ordinal);
                Assert.EndsWith((string)record["split"]!, name, StringComparison.Ordinal);
            }
        }

        foreach (var record in Read("sequential").Concat(Read("cold-start")))
            Assert.EndsWith($"\n\nFinal Answer: {record["answer"]}", (string)record["response"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void Test_texts_do_not_occur_in_training_files()
    {
        SyntheticFolder.Write(_folder, Small with { Easy = 2000, Hard = 2000, Sequential = 2000, ColdStart = 1000 });
        var train = new[] { "easy-train", "hard-train", "sequential", "cold-start", "cold-start-numbered", "cold-start-sequential" }.SelectMany(Read).Select(x => (string)x["problem"]!).ToHashSet();

        Assert.DoesNotContain(Read("easy-test").Concat(Read("hard-validation")).Concat(Read("hard-test")), x => train.Contains((string)x["problem"]!));
    }

    [Fact]
    public void Blocks_of_the_cold_start_are_of_easy_problems_and_hard_ones_are_replayed_without_a_search()
    {
        SyntheticFolder.Write(_folder, Small with { ColdStart = 400 });
        var rows = Read("cold-start");

        Assert.All(rows.Where(HasBlock), x => Assert.Equal("easy", (string)x["meta"]!["difficulty"]!));
        Assert.InRange(rows.Count(HasBlock), 140, 220);
        Assert.DoesNotContain(rows, x => (string)x["meta"]!["difficulty"]! == "hard" && ((string)x["response"]!).Contains("of", StringComparison.Ordinal));
        Assert.DoesNotContain(Read("sequential").Concat(Read("cold-start-sequential")), HasBlock);
        Assert.InRange(Read("sequential").Count(x => (string)x["meta"]!["difficulty"]! == "hard"), 60, 140);
    }

    [Fact]
    public void The_three_forms_of_the_cold_start_are_of_the_same_problems()
    {
        SyntheticFolder.Write(_folder, Small);

        var problems = new[] { "cold-start", "cold-start-numbered", "cold-start-sequential" }.Select(name => Read(name).Select(x => (string)x["problem"]!).ToArray()).ToArray();

        Assert.Equal(problems[0], problems[1]);
        Assert.Equal(problems[0], problems[2]);
    }

    [Fact]
    public void Where_a_model_errs_one_path_of_a_check_takes_its_route_and_the_summary_the_right_result()
    {
        SyntheticFolder.Write(_folder, Small with { ColdStart = 400 });
        var without = Read("cold-start-numbered");

        var manifest = SyntheticFolder.Write(_folder, Small with { ColdStart = 400 }, problems => [.. problems.Select((problem, i) => i % 2 == 0 ? Wrong(problem) : [])]);
        var rows = Read("cold-start-numbered");

        var changed = rows.Zip(without).Where(pair => !JsonNode.DeepEquals(pair.First, pair.Second)).Select(pair => pair.First).ToList();
        Assert.Equal((int)manifest["files"]!["cold-start-numbered"]!["with_wrong_path"]!, changed.Count);
        Assert.InRange(changed.Count, 20, 60);
        foreach (var row in changed)
        {
            var (response, result) = ((string)row["response"]!, $"{row["meta"]!["wrong_result"]}");
            Assert.Equal("1234567", result);
            Assert.Single(response.Split("<Path>"), path => path.Contains($"so {result}</Path>", StringComparison.Ordinal));
            Assert.InRange(response.Split("<Path>").Length - 1, 3, 4);
            Assert.Contains($"so {result}</Path>", response.Split("<Path>")[(int)Assert.Single(row["paths_without_loss"]!.AsArray())!], StringComparison.Ordinal);
            Assert.Contains($"\nso {row["answer"]}</Summary>", response, StringComparison.Ordinal);
            Assert.Contains(result, response.Split("<Summary>")[1], StringComparison.Ordinal);
        }

        Assert.Equal(Read("cold-start").Count(row => row["meta"]!["wrong_result"] is not null), changed.Count);

        // Neither answers in another form nor right ones are taken.
        static IReadOnlyList<string> Wrong(string problem) =>
            ["<Parallel>", "Step by step:\n1+1=2\nso 2", .. new[] { "Step by step", "Regrouped", "From the low end", "From the high end" }.Select(name => $"{name}:\n1234566+1=1234567\nso 1234567\n\nFinal Answer: 1234567")];
    }

    private static bool HasBlock(JsonObject row) => ((string)row["response"]!).Contains("<Parallel>", StringComparison.Ordinal);

    [Fact]
    public void A_negative_count_is_refused() =>
        Assert.Throws<UsageException>(() => SyntheticFolder.Write(_folder, Small with { Hard = -1 }));

    private List<JsonObject> Read(string name) => [.. JsonLines.Read(Path.Combine(_folder, $"{name}.jsonl")).Select(x => x.Value)];

    private byte[] Bytes(string folder, string file) => File.ReadAllBytes(Path.Combine(_folder, folder, file));
}
