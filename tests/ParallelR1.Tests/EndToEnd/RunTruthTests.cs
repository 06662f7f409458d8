using System.Text.Json.Nodes;
using ParallelR1.Generation;
using ParallelR1.Models;
using ParallelR1.Runs;
using ParallelR1.Torch;
using ParallelR1.Training;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Tests.EndToEnd;

/// <summary>What a run says of itself, and what it refuses to resume.</summary>
public sealed class RunTruthTests : IDisposable
{
    private readonly TinyRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void A_run_most_of_whose_updates_were_skipped_fails_and_writes_no_model()
    {
        var recipe = _runs.Sft("f32", "sft.steps=3");
        Interrupt(recipe, "dead");
        var log = Path.Combine(_runs["dead"], "metrics.jsonl");
        File.WriteAllText(log, File.ReadAllText(log).Replace("\"skipped\":false", "\"skipped\":true", StringComparison.Ordinal));

        var error = Assert.Throws<InputException>(() => Resume(recipe, "dead"));

        Assert.Contains("2 of 3 steps were skipped", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_runs["dead"], "model")));
    }

    [Fact]
    public void A_suite_of_which_no_prompt_fits_is_refused_by_name_before_the_first_step()
    {
        var suite = Write("long.jsonl", Row(new string('7', 6000), "1"));
        var recipe = _runs.Sft("f32", "model.init.max_positions=600", $"evaluation={{every: 1, suites: [{{suite: {suite}}}]}}");
        using var run = recipe.OpenRun(_runs["suite"], resume: false);

        var error = Assert.Throws<InputException>(() => SftStage.Run(recipe, run, new QuietObserver()));

        Assert.Contains("long: no prompt of at most 599 tokens", error.Message, StringComparison.Ordinal);
        Assert.False(run.IsStarted);
    }

    [Fact]
    public async Task A_suite_that_a_broken_model_cannot_answer_names_model_suite_and_problem()
    {
        var suite = Write("one.jsonl", Row("1 + 1", "2"));
        var folder = Path.Combine(_runs.Run(_runs.Sft("f32", "sft.epochs=1"), SftStage.Run, "broken"), "model");
        var recipe = TinyRuns.Rl(folder, $"evaluation={{every: 1, suites: [{{suite: {suite}}}]}}");
        using var model = StageModel.Load(folder, recipe);
        model.Decoder.Parameters["model.norm.weight"].Span<float>()[0] = float.NaN;

        var error = await Assert.ThrowsAsync<LogitsException>(() => RecipeEvaluation.Create(model, recipe).RunSuiteAsync(0));

        Assert.StartsWith(folder + ": one, problem ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_is_not_finite_is_refused_where_it_is_read()
    {
        var folder = Path.Combine(_runs.Run(_runs.Sft("f32", "sft.epochs=1"), SftStage.Run, "broken"), "model");
        DamageNorm(folder, float.NaN);

        var error = Assert.Throws<InputException>(() => _runs.Run(TinyRuns.Rl(folder), RlStage.Run, "rl"));

        Assert.Contains("model.norm.weight holds values that are not finite", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Huge_values_are_not_mistaken_for_infinite_ones()
    {
        using var tensor = Tensor.From(Enumerable.Repeat(3e38f, 64).ToArray(), 64);

        FiniteTensors.Require([KeyValuePair.Create("t", tensor)], name => name);
    }

    [Fact]
    public void A_recipe_of_another_stage_is_refused_by_every_stage()
    {
        var sft = _runs.Sft("f32");
        using var run = sft.OpenRun(_runs["other"], resume: false);

        var error = Assert.Throws<UsageException>(() => RlStage.Run(sft, run, new QuietObserver()));

        Assert.Contains("is for the stage 'sft', not 'rl'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_contents_of_the_training_data_are_noticed_by_resume()
    {
        var data = Write("train.jsonl", Enumerable.Range(0, 12).Select(i => Example($"What is {i} + 1?", $"{i + 1}")).ToArray());
        var recipe = _runs.Sft("f32", $"data.train={data}", "data.limit=null", "sft.batch_size=4", "checkpoint.every=2");
        Interrupt(recipe, "changed");
        File.AppendAllText(data, Example("What is 99 + 1?", "100") + "\n");

        var error = Assert.Throws<UsageException>(() => Resume(recipe, "changed"));

        Assert.Contains("data.train has other contents", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_goes_on_elsewhere_says_what_differs_and_is_finished()
    {
        var recipe = _runs.Sft("f32", "checkpoint.every=1");
        Interrupt(recipe, "moved");
        var file = Path.Combine(_runs["moved"], "checkpoints", "step-2", "state.json");
        var state = JsonNode.Parse(File.ReadAllText(file))!;
        state["computed_on"]!["processor"] = "Imaginary 9000";
        state["computed_on"]!["kernels"] = "baseline";
        File.WriteAllText(file, state.ToJsonString());

        var said = Resume(recipe, "moved");

        var warning = Assert.Single(said, line => line.StartsWith("warning: ", StringComparison.Ordinal));
        Assert.Contains("processor was Imaginary 9000 and is ", warning, StringComparison.Ordinal);
        Assert.Contains("kernels was baseline and is ", warning, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(_runs["moved"], "model")));
    }

    [Fact]
    public void A_run_that_goes_on_where_it_was_does_not_speak_of_machines()
    {
        var recipe = _runs.Sft("f32", "checkpoint.every=1");
        Interrupt(recipe, "stayed");

        Assert.DoesNotContain(Resume(recipe, "stayed"), line => line.StartsWith("warning: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("[]", "expected a JSON object")]
    [InlineData("""{"step":2}""", "optimizer_steps is missing")]
    [InlineData("""{"step":1,"optimizer_steps":2}""", "says step 1, its folder step 2")]
    public void A_damaged_state_is_named_with_what_is_wrong_and_what_is_left(string text, string expected)
    {
        var recipe = _runs.Sft("f32", "checkpoint.every=1");
        Interrupt(recipe, "damaged");
        File.WriteAllText(Path.Combine(_runs["damaged"], "checkpoints", "step-2", "state.json"), text);

        var error = Assert.Throws<InputException>(() => Resume(recipe, "damaged"));

        Assert.Contains("state.json", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("the checkpoint of step 1 is still there", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rollouts_of_steps_that_are_made_again_are_removed()
    {
        var recipe = _runs.Sft("f32");
        Interrupt(recipe, "rollouts");
        var folder = Directory.CreateDirectory(Path.Combine(_runs["rollouts"], "rollouts")).FullName;
        File.WriteAllText(Path.Combine(folder, "step-2.jsonl"), "");
        File.WriteAllText(Path.Combine(folder, "step-9.jsonl"), "");

        Resume(recipe, "rollouts");

        Assert.Equal(["step-2.jsonl"], Directory.GetFiles(folder).Select(f => Path.GetFileName(f)));
    }

    [Fact]
    public void Examples_in_file_order_are_all_trained_on_over_the_epochs()
    {
        var data = Write("order.jsonl", Enumerable.Range(0, 6).Select(i => Example("Say " + new string('a', i + 1), "b")).ToArray());
        var folder = _runs.Run(_runs.Sft("f32", $"data.train={data}", "data.limit=null", "data.shuffle=false", "sft.batch_size=4"), SftStage.Run, "order");

        Assert.Equal(3, MetricsLog.Read(Path.Combine(folder, "metrics.jsonl")).Count(line => (string?)line[MetricNames.Kind] == MetricNames.Train));
    }

    private static void DamageNorm(string folder, float value)
    {
        using var decoder = DecoderFiles.Load(folder);
        decoder.Parameters["model.norm.weight"].Span<float>()[0] = value;
        decoder.Save(folder);
    }

    private void Interrupt(Recipe recipe, string name)
    {
        using var source = new CancellationTokenSource();
        using var run = recipe.OpenRun(_runs[name], resume: false);
        Assert.Throws<OperationCanceledException>(() => SftStage.Run(recipe, run, new Stopper(source, 2), source.Token));
    }

    /// <returns>What the run said.</returns>
    private List<string> Resume(Recipe recipe, string name)
    {
        using var run = recipe.OpenRun(_runs[name], resume: true);
        var listener = new Listener();
        SftStage.Run(recipe, run, listener);
        return listener.Said;
    }

    private string Write(string name, params string[] lines)
    {
        File.WriteAllLines(_runs[name], lines);
        return _runs[name];
    }

    private static string Row(string problem, string answer) => new JsonObject { ["problem"] = problem, ["answer"] = answer }.ToJsonString();

    private static string Example(string problem, string response) => new JsonObject { ["problem"] = problem, ["response"] = response }.ToJsonString();

    private sealed class Listener : IRunObserver
    {
        public List<string> Said { get; } = [];

        public void Say(string message) => Said.Add(message);

        public void Report(RunProgress progress)
        {
        }
    }

    private sealed class Stopper(CancellationTokenSource source, int step) : IRunObserver
    {
        public void Say(string message)
        {
        }

        public void Report(RunProgress progress)
        {
            if (progress.Done >= step)
                source.Cancel();
        }
    }
}
