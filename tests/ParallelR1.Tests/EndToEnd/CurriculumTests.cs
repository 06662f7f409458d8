using ParallelR1.Training;

namespace ParallelR1.Tests.EndToEnd;

public sealed class CurriculumTests : IDisposable
{
    private const string Evaluation = "evaluation={suites: [{suite: synthetic-hard-test, samples: 2, limit: 2}]}";
    private readonly TinyRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Recipes_bring_what_they_come_after_each_once_and_first()
    {
        var rows = Curriculum.Plan(["mini/rl-s2", "mini/rl-s1", "mini/control"], _ => ["seed=7"]);

        Assert.Equal(["sft", "rl-s2", "rl-s1", "sft-sequential", "control"], rows.Select(r => r.Name));
        Assert.Equal([null, "sft", "sft", null, "sft-sequential"], rows.Select(r => r.After));
        Assert.All(rows, row => Assert.Equal(7, row.Recipe.Seed));
    }

    [Fact]
    public async Task Rows_start_from_each_other_and_leave_figures_problem_by_problem()
    {
        var figures = await new Curriculum(_runs["out"], Rows(), new QuietObserver()).RunAsync();

        Assert.Equal(["first", "second"], figures.Select(f => f.Name));
        Assert.All(figures, f => Assert.Equal(2, f.Suites[0].Correct.Count));
        var read = RowFigures.Read(_runs[Path.Combine("out", "rows", "second.json")]);
        Assert.Equal(figures[1].Suites[0].Correct, read.Suites[0].Correct);
        Assert.Equal(figures[1].Contents, read.Contents);
        Assert.True(File.Exists(_runs[Path.Combine("out", "responses", "second", "synthetic-hard-test.jsonl")]));
    }

    [Fact]
    public async Task What_is_finished_is_not_made_again()
    {
        var first = await new Curriculum(_runs["out"], Rows(), new QuietObserver()).RunAsync();
        var written = File.GetLastWriteTimeUtc(_runs[Path.Combine("out", "second", "metrics.jsonl")]);
        var heard = new ListeningObserver();

        var again = await new Curriculum(_runs["out"], Rows(), heard).RunAsync();

        Assert.Equal(first.Select(f => f.Suites[0].Correct), again.Select(f => f.Suites[0].Correct));
        Assert.Equal(written, File.GetLastWriteTimeUtc(_runs[Path.Combine("out", "second", "metrics.jsonl")]));
        Assert.Equal(2, heard.Said.Count(line => line.EndsWith("already there", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_was_interrupted_goes_on_to_the_same_figures()
    {
        var whole = await new Curriculum(_runs["whole"], Rows(), new QuietObserver()).RunAsync();
        using (var stop = new CancellationTokenSource())
        {
            var observer = new ListeningObserver { OnReport = progress => { if (progress.Done >= 2 && progress.Activity == "sft") stop.Cancel(); } };
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new Curriculum(_runs["stopped"], Rows(), observer).RunAsync(stop.Token));
        }

        var resumed = await new Curriculum(_runs["stopped"], Rows(), new QuietObserver()).RunAsync();

        Assert.Equal(whole.Select(f => f.Suites[0].Correct), resumed.Select(f => f.Suites[0].Correct));
        Assert.Equal(
            File.ReadAllBytes(_runs[Path.Combine("whole", "second", "model", "model.safetensors")]),
            File.ReadAllBytes(_runs[Path.Combine("stopped", "second", "model", "model.safetensors")]));
    }

    [Fact]
    public async Task A_row_that_another_process_is_at_is_waited_for_and_taken_when_it_is_there()
    {
        var first = (await new Curriculum(_runs["out"], Rows(), new QuietObserver()).RunAsync())[0];
        var row = _runs[Path.Combine("out", "rows", "first.json")];
        File.Move(row, row + ".aside");
        Directory.Delete(_runs[Path.Combine("out", "second")], recursive: true);
        File.Delete(_runs[Path.Combine("out", "rows", "second.json")]);
        var heard = new ListeningObserver();

        Task<IReadOnlyList<RowFigures>> running;
        using (new FileStream(_runs[Path.Combine("out", "rows", "first.lock")], FileMode.Create, FileAccess.ReadWrite, FileShare.None))
        {
            running = Task.Run(() => new Curriculum(_runs["out"], Rows(), heard).RunAsync());
            await Task.Delay(TimeSpan.FromSeconds(1.5));
            Assert.DoesNotContain(heard.Said, line => line.StartsWith("second", StringComparison.Ordinal));
            File.Move(row + ".aside", row);
        }

        Assert.Equal(first.Suites[0].Correct, (await running)[0].Suites[0].Correct);
        Assert.DoesNotContain(heard.Said, line => line.StartsWith("first", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rows_of_another_recipe_are_not_taken_for_these()
    {
        await new Curriculum(_runs["out"], Rows(), new QuietObserver()).RunAsync();

        var error = await Assert.ThrowsAsync<UsageException>(() => new Curriculum(_runs["out"], Rows("seed=2"), new QuietObserver()).RunAsync());

        Assert.Contains("'first' was made by another recipe, seed, type or starting model", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trained_model_that_was_not_measured_yet_must_come_from_the_same_recipe()
    {
        await new Curriculum(_runs["out"], Rows(), new QuietObserver()).RunAsync();
        File.Delete(_runs[Path.Combine("out", "rows", "first.json")]);
        File.Delete(_runs[Path.Combine("out", "rows", "second.json")]);

        var error = await Assert.ThrowsAsync<UsageException>(() => new Curriculum(_runs["out"], Rows("optimizer.learning_rate=2e-3"), new QuietObserver()).RunAsync());

        Assert.Contains("'first' was made by another recipe", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_holds_something_else_is_left_alone()
    {
        Directory.CreateDirectory(_runs["out"]);
        File.WriteAllText(_runs[Path.Combine("out", "letter.txt")], "mine");

        await Assert.ThrowsAsync<UsageException>(() => new Curriculum(_runs["out"], Rows(), new QuietObserver()).RunAsync());

        Assert.Equal(["letter.txt"], Directory.GetFileSystemEntries(_runs["out"]).Select(Path.GetFileName));
    }

    private CurriculumRow[] Rows(params string[] settings) =>
    [
        new("first", "tiny/first", _runs.Sft("f32", ["rollout.max_tokens=40", Evaluation, .. settings]), null),
        new("second", "tiny/second", TinyRuns.Rl("nowhere", ["rl.steps=2", "rollout.max_tokens=40", Evaluation, .. settings]), "first"),
    ];

    private sealed class ListeningObserver : IRunObserver
    {
        public List<string> Said { get; } = [];

        public Action<RunProgress>? OnReport { get; init; }

        public void Say(string line) => Said.Add(line);

        public void Report(RunProgress progress) => OnReport?.Invoke(progress);
    }
}
