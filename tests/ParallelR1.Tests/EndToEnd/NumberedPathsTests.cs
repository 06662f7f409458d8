using ParallelR1.Data.Synthetic;
using ParallelR1.Generation;
using ParallelR1.Runs;
using ParallelR1.Thinking;
using ParallelR1.Training;

namespace ParallelR1.Tests.EndToEnd;

/// <summary>Numbered paths and the budget on the critical path, from cold start to decoding.</summary>
public sealed class NumberedPathsTests : IDisposable
{
    private readonly TinyRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void A_model_trained_with_numbered_paths_is_decoded_so_and_scores_what_it_decodes()
    {
        var start = Path.Combine(_runs.Run(_runs.Sft("f32", "sft.steps=2", $"data.train={ColdStart()}", "rollout.number_paths=true"), SftStage.Run, "start"), "model");
        var folder = _runs.Run(TinyRuns.Rl(start, "rl.steps=2", "rollout.critical_tokens=40"), RlStage.Run, "rl");

        using var model = LanguageModel.Load(Path.Combine(folder, "model"));
        Assert.True(model.NumberPaths);
        var lines = Directory.EnumerateFiles(Path.Combine(folder, "rollouts")).SelectMany(MetricsLog.Read).ToList();
        var blocks = lines.Select(line => (string)line["response"]!).Where(text => text.Contains("<Parallel>", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(blocks);
        Assert.All(blocks, text => Assert.Equal(TagScanner.Scan(text).Count(tag => tag == ThinkingTag.PathOpen), PathNumbers.Find(text).Count()));
        Assert.All(lines, line => Assert.InRange((int)line["tokens_critical_path"]!, 1, 40));
        Assert.All(MetricsLog.Read(Path.Combine(folder, "metrics.jsonl")).Where(line => line.ContainsKey(MetricNames.LogProbDifferenceMax)), line =>
            Assert.InRange((double?)line[MetricNames.LogProbDifferenceMax] ?? 0, 0, 2e-5));
    }

    [Fact]
    public void The_ids_of_numbered_examples_are_those_that_the_engine_gives_and_ordinals_carry_no_loss()
    {
        using var model = StageModel.Open(_runs.Sft("f32", "rollout.number_paths=true"));
        var reader = new ExampleReader(model, ProblemTemplate.Load("mini"), 400);
        var examples = reader.Read(ColdStart(), 20, 1);

        Assert.Equal(0, reader.Unnumbered);
        Assert.Contains(examples, example => example.WithoutLoss.Length > 0);
        foreach (var example in examples)
        {
            var layout = TraceLayout.Read(example.Ids, example.PromptLength, model.Tags!);
            Assert.All(layout.Blocks, block => Assert.All(block.Paths, (path, i) => Assert.Equal(model.PathNumbers.Ids(i + 1).Length, path.NumberTokens)));
            Assert.Equal(layout.NumberTokens(), example.WithoutLoss);
            Assert.Equal(example.Ids.Length - example.PromptLength - example.WithoutLoss.Length, example.LossTokens);
        }

        var step = new SupervisedStep(model.Decoder, model.Tags, Visibility.Unseen, 4000);
        var scored = examples.Select(e => TraceScorer.LogProbs(model.Decoder, TraceRows.Supervised(e.Ids, e.PromptLength, model.Tags, Visibility.Unseen))).ToList();
        var sum = examples.Select((e, i) => Enumerable.Range(e.PromptLength, e.Ids.Length - e.PromptLength).Except(e.WithoutLoss).Sum(t => (double)scored[i][t - 1])).Sum();
        Assert.Equal(-sum / examples.Sum(e => e.LossTokens), step.Loss(examples), 4);
    }

    [Fact]
    public void Paths_without_loss_are_read_but_not_learned()
    {
        using var model = StageModel.Open(_runs.Sft("f32"));
        const string Response = "a<Parallel><Path>b</Path><Path>cc</Path></Parallel>\n<Summary>d</Summary><Parallel><Path>e</Path><Path>f</Path></Parallel>\n<Summary>g</Summary>";

        var example = Assert.Single(new ExampleReader(model, ProblemTemplate.Load("mini"), 400).Read(File(Response, "[2, 3]"), null, 1));

        Assert.Equal(["cc</Path>", "e</Path>"], Texts(example));
        var error = Assert.Throws<InputException>(() => new ExampleReader(model, ProblemTemplate.Load("mini"), 400).Read(File(Response, "[5]"), null, 1));
        Assert.Contains("path 5 is to carry no loss, but the response has 4 paths", error.Message, StringComparison.Ordinal);
        Assert.Contains("expected a list of paths", Assert.Throws<InputException>(() => new ExampleReader(model, ProblemTemplate.Load("mini"), 400).Read(File(Response, "[0]"), null, 1)).Message, StringComparison.Ordinal);

        IEnumerable<string> Texts(TrainingExample example)
        {
            var runs = example.WithoutLoss.Select((token, i) => (Token: token, Run: token - i)).GroupBy(t => t.Run, t => example.Ids[t.Token]);
            return runs.Select(run => model.DecodeResponse([.. run]));
        }

        string File(string response, string paths)
        {
            var file = _runs["unlearned.jsonl"];
            System.IO.File.WriteAllText(file, $$"""{"problem": "p", "response": {{System.Text.Json.JsonSerializer.Serialize(response)}}, "answer": "1", "paths_without_loss": {{paths}}}""");
            return file;
        }
    }

    /// <summary>The synthetic cold start with each path's ordinal before its text.</summary>
    private string ColdStart()
    {
        var file = _runs["numbered.jsonl"];
        File.WriteAllLines(file, SyntheticSets.Rows("synthetic-cold-start", 1).Take(40).Select(row =>
        {
            row["response"] = PathNumbers.Insert((string)row["response"]!);
            return row.ToJsonString();
        }));
        return file;
    }
}
