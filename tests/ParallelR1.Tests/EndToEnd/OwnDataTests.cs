using System.Text.Json.Nodes;
using ParallelR1.Data.Synthetic;
using ParallelR1.Training;

namespace ParallelR1.Tests.EndToEnd;

public sealed class OwnDataTests
{
    [Fact]
    public void Examples_with_other_names_train_as_those_with_ours()
    {
        using var runs = new TinyRuns();
        File.WriteAllLines(runs["mine.jsonl"], SyntheticSets.Rows("synthetic-cold-start", 1).Take(40)
            .Select(row => new JsonObject { ["question"] = row["problem"]!.DeepClone(), ["gold"] = new JsonObject { ["text"] = row["response"]!.DeepClone() } }.ToJsonString()));

        var ours = runs.Run(runs.Sft("f32", "sft.epochs=1"), SftStage.Run, "ours");
        var mapped = runs.Run(runs.Sft("f32", "sft.epochs=1", $"data.train={runs["mine.jsonl"]}", "data.map=[problem=question, response=gold.text]"), SftStage.Run, "mapped");

        Assert.Equal(TinyRuns.Metrics(ours), TinyRuns.Metrics(mapped));
    }

    [Fact]
    public void An_error_in_a_file_of_examples_names_file_and_line()
    {
        using var runs = new TinyRuns();
        File.WriteAllLines(runs["mine.jsonl"], ["""{"problem": "Q", "response": "A"}""", "", """{"problem": "Q", "response": 5}"""]);

        var error = Assert.Throws<InputException>(() => runs.Run(runs.Sft("f32", $"data.train={runs["mine.jsonl"]}"), SftStage.Run, "run"));

        Assert.Equal($"{runs["mine.jsonl"]}:3: 'response' is the number 5, expected a string", error.Message);
    }
}
