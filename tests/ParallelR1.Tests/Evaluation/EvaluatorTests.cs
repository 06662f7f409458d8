using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using ParallelR1.Data;
using ParallelR1.Evaluation;
using ParallelR1.Generation;
using ParallelR1.Thinking;

namespace ParallelR1.Tests.Evaluation;

public sealed class EvaluatorTests : IDisposable
{
    private const int Newline = 6, Eos = 7, FirstDigit = 10;
    private static readonly TagIds Tags = new([0, 1, 2, 3, 4, 5], Newline, Eos);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Responses_are_counted_graded_and_measured()
    {
        var result = await Run(new ScriptedGenerator(), samples: 2, _folder["responses.jsonl"]);

        Assert.Equal([1, 1, 1], result.Correct);
        Assert.Equal((0.5, 1.0), (result.MeanAtK, result.PassAtK));
        Assert.Equal((3, 3, 3), (result.WithBlock, result.WellFormed, result.Blocks));
        Assert.Equal(3, result.NoAnswer);
        // A block of paths of 4 and 3 tokens: the shorter one is off the critical path.
        Assert.Equal(result.TokensTotal - 3 * 3, result.TokensCriticalPath);
    }

    [Fact]
    public async Task A_second_grader_is_counted_beside_the_first()
    {
        var result = await Run(new ScriptedGenerator(), samples: 2, null, second: "strict-gsm8k");

        Assert.Equal((3, 0), (result.SecondCorrect, result.Disagreements));
        Assert.Null((await Run(new ScriptedGenerator(), samples: 2, null)).SecondCorrect);
    }

    [Fact]
    public async Task Logits_that_are_no_numbers_are_said_with_model_suite_problem_and_sample()
    {
        var error = await Assert.ThrowsAsync<LogitsException>(() => Run(new ScriptedGenerator { Breaks = true }, samples: 2, null));

        Assert.StartsWith("m: three, problem p1, sample 1: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_prompt_is_encoded_once()
    {
        var encoded = new List<string>();
        var suite = new EvaluationSuite("two", [.. Enumerable.Range(0, 2).Select(i => new Problem($"p{i}", $"{i}?", $"{i}", null, "", "", []))]) { Samples = 3 };
        var evaluator = new Evaluator("m", Encode, Decode, () => new ScriptedGenerator(), Tags, 100, [suite], new EvaluationOptions(), null);

        await evaluator.RunSuiteAsync(0);
        await evaluator.RunSuiteAsync(0);

        Assert.Equal(["p0", "p1"], encoded);

        int[] Encode(Problem problem)
        {
            encoded.Add(problem.Id);
            return [FirstDigit];
        }
    }

    [Fact]
    public void Suites_of_one_name_are_refused()
    {
        var suite = new EvaluationSuite("same", [new Problem("p", "?", "1", null, "", "", [])]);

        Assert.Throws<UsageException>(() => new Evaluator("m", _ => [1], Decode, () => new ScriptedGenerator(), Tags, 100, [suite, suite], new EvaluationOptions(), null));
    }

    [Fact]
    public async Task The_responses_file_has_the_order_of_the_problems_whatever_the_order_of_finishing()
    {
        await Run(new ScriptedGenerator(), samples: 2, _folder["responses.jsonl"]);

        var lines = File.ReadAllLines(_folder["responses.jsonl"]).Select(l => JsonNode.Parse(l)!).ToList();
        Assert.Equal(["p0:0", "p0:1", "p1:0", "p1:1", "p2:0", "p2:1"], lines.Select(l => $"{l["id"]}:{l["sample"]}"));
        Assert.Equal(["correct", "no_answer"], lines.Take(2).Select(l => (string)l["verdict"]!));
        Assert.True((bool)lines[0]["well_formed"]!);
    }

    [Fact]
    public async Task An_engine_that_loses_responses_is_found_out_and_leaves_no_file()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Run(new ScriptedGenerator { Lose = 1 }, samples: 2, _folder["responses.jsonl"]));

        Assert.Empty(Directory.GetFileSystemEntries(_folder.FullPath));
    }

    [Fact]
    public async Task The_summary_has_the_documented_form_and_reads_back()
    {
        var result = await Run(new ScriptedGenerator(), samples: 2, null);
        var row = SummaryRow.Create("base", null, null, "strict", [(7, [result]), (8, [result])]);

        SummaryJson.Write(_folder["summary.json"], [row]);

        var json = JsonNode.Parse(File.ReadAllText(_folder["summary.json"]))!["rows"]![0]!.AsObject();
        Assert.Equal(
            ["name", "recipe", "scale", "seeds", "grader", "parallel_ratio", "well_formed_ratio", "suites", "tokens_total", "tokens_critical_path", "wall_seconds", "acceleration", "cap", "average", "dtype", "processor", "seconds_per_answer"],
            json.Select(p => p.Key));
        Assert.Null(json["recipe"]);
        Assert.Equal([7, 8], json["seeds"]!.AsArray().Select(s => (int)s!));
        Assert.Equal(0.5, (double)json["suites"]!["three"]!["mean_at_k"]!);
        Assert.Equal(2, json["suites"]!["three"]!["ci95"]!.AsArray().Count);
        Assert.Equal((double)row.TokensTotal / row.TokensCriticalPath, (double)json["acceleration"]!);
        var again = Assert.Single(SummaryJson.Read(_folder["summary.json"]));
        Assert.Equal(SummaryJson.ToJson([row]).ToJsonString(), SummaryJson.ToJson([again]).ToJsonString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"rows\":[{}]}")]
    [InlineData("{\"rows\":[{\"name\":\"x\",\"seeds\":[\"a\"],\"grader\":\"g\"}]}")]
    public void A_damaged_summary_is_an_input_error(string text)
    {
        File.WriteAllText(_folder["summary.json"], text);

        Assert.Throws<InputException>(() => SummaryJson.Read(_folder["summary.json"]));
    }

    [Fact]
    public async Task Draws_belong_to_the_problem_whatever_the_suite_is_called_and_holds_beside_it()
    {
        Problem[] problems = [.. new[] { "a", "b", "a", "c" }.Select((text, i) => new Problem($"p{i}", text, "1", null, "", "", []))];
        var all = new ScriptedGenerator();
        await Run(all, samples: 2, null, new EvaluationSuite("all", problems));
        var some = new ScriptedGenerator();
        await Run(some, samples: 2, null, new EvaluationSuite("some", problems[1..]));

        var (keys, others) = (all.Keys.Chunk(2).ToList(), some.Keys.Chunk(2).ToList());
        Assert.Equal(keys[1], others[0]);
        Assert.Equal(keys[0], others[1]);
        Assert.Equal(keys[3], others[2]);
        Assert.Equal(8, all.Keys.Distinct().Count());
    }

    [Fact]
    public void Problems_whose_prompts_leave_no_room_are_left_out_and_said()
    {
        var suite = new EvaluationSuite("three", [.. Enumerable.Range(0, 3).Select(i => new Problem($"p{i}", $"{i}?", $"{i}", null, "", "", []))]);
        var observer = new Listener();

        var (fitting, prompts) = suite.Fitting(p => new int[p.Id == "p1" ? 10 : 9], context: 10, observer);

        Assert.Equal(["p0", "p2"], fitting.Problems.Select(p => p.Id));
        Assert.Equal(["three: 1 of 3 prompts are longer than 9 tokens and were left out; the first is problem 2, 'p1', with 10 tokens"], observer.Said);
        Assert.Equal([9, 9], prompts.Select(p => p.Length));
        Assert.Same(suite, suite.Fitting(_ => [1], context: 10, observer).Suite);
        Assert.Contains("leave the suite out", Assert.Throws<InputException>(() => suite.Fitting(_ => new int[10], 10, observer)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_suite_comes_from_a_file_and_may_be_cut()
    {
        File.WriteAllText(_folder["mine.jsonl"], "{\"problem\":\"1+1\",\"answer\":2}\n{\"problem\":\"2+2\",\"answer\":\"4\"}\n");

        var suite = EvaluationSuite.Load(_folder["mine.jsonl"], limit: 1);

        Assert.Equal("mine", suite.Name);
        Assert.Equal("2", Assert.Single(suite.Problems).Answer);
        Assert.Throws<UsageException>(() => EvaluationSuite.Load("no-such-suite"));
    }

    private static Task<SuiteResult> Run(IGenerator generator, int samples, string? file, EvaluationSuite? suite = null, string? second = null)
    {
        suite ??= new EvaluationSuite("three", [.. Enumerable.Range(0, 3).Select(i => new Problem($"p{i}", $"{i}?", $"{i}", null, "", "", []))]);
        var evaluator = new Evaluator("m", p => [FirstDigit + p.Id[1] - '0'], Decode, () => generator, Tags, 100, [suite with { Samples = samples }], new EvaluationOptions { Grader = "strict", SecondGrader = second }, null);
        return evaluator.RunSuiteAsync(0, file);
    }

    private static string Decode(int[] ids) => string.Concat(ids.Select(id => id switch
    {
        < 6 => ThinkingTags.All[id],
        Newline => "\n",
        Eos => "",
        8 => "Final Answer: ",
        9 => "word ",
        _ => $"{id - FirstDigit}",
    }));

    /// <summary>Finishes last things first; even requests answer the prompt's digit with a block, odd ones say nothing.</summary>
    private sealed class ScriptedGenerator : IGenerator
    {
        public int Lose { get; init; }

        public bool Breaks { get; init; }

        public List<RandomKey> Keys { get; } = [];

        public async IAsyncEnumerable<(int Index, GenerationResult Result)> GenerateAsync(
            IReadOnlyList<GenerationRequest> requests, GenerationOptions options, [EnumeratorCancellation] CancellationToken cancellation = default)
        {
            Keys.AddRange(requests.Select(r => r.Key));
            if (Breaks)
                throw new LogitsException(3, 0, double.NaN);
            for (var i = requests.Count - 1; i >= Lose; i--)
            {
                await Task.Yield();
                int[] ids = i % 2 == 0 ? [2, 0, 9, 9, 1, 0, 9, 1, 3, Newline, 4, 9, 5, Newline, 8, requests[i].Prompt[0], Eos] : [9, Eos];
                yield return (i, new GenerationResult(requests[i].Prompt, ids, new bool[ids.Length], new float[ids.Length], 1, FinishReason.Eos));
            }
        }
    }

    private sealed class Listener : IRunObserver
    {
        public List<string> Said { get; } = [];

        public void Say(string message) => Said.Add(message);

        public void Report(RunProgress progress)
        {
        }
    }
}
