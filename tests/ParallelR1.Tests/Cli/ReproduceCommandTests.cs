using ParallelR1.Cli;

namespace ParallelR1.Tests.Cli;

public sealed class ReproduceCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Rows_side_by_side_make_the_table_that_they_make_one_after_the_other()
    {
        var (status, output, error) = await ProgramProcess.RunAsync("", Arguments("side", "--jobs", "2"));
        var (alone, _, _) = await ProgramProcess.RunAsync("", Arguments("alone", "--jobs", "1"));

        Assert.True(status == ExitCode.Done, error);
        Assert.Equal(ExitCode.Done, alone);
        Assert.Contains("grpo", output, StringComparison.Ordinal);
        Assert.Contains("1| ", error, StringComparison.Ordinal);
        Assert.Contains("2| ", error, StringComparison.Ordinal);
        Assert.Equal(Names("alone"), Names("side"));
        Assert.True(File.Exists(_folder["side/summary.json"]));
    }

    [Fact]
    public async Task A_process_that_works_for_another_stops_when_its_standard_input_ends()
    {
        var (status, _, error) = await ProgramProcess.RunAsync("", Arguments("out", "--worker"));

        Assert.Equal(ExitCode.Interrupted, status);
        Assert.EndsWith("interrupted", error.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_job_is_refused() =>
        Assert.Equal(ExitCode.Usage, (await ProgramProcess.RunAsync("", Arguments("out", "--jobs", "0"))).Status);

    private IEnumerable<string?> Names(string output) => Directory.GetFiles(_folder[$"{output}/rows"]).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    private string[] Arguments(string output, params string[] more) =>
    [
        "reproduce", "--scale", "mini", "--rows", "base,grpo", "--seeds", "1", "--dtype", "f32", "--out", _folder[output], "--set", "rl.steps=1", "--set", "rl.prompts_per_step=2",
        "--set", "rl.samples_per_prompt=2", "--set", "rl.mini_batches=1", "--set", "evaluation={grader: strict, suites: [{suite: synthetic-hard-test, samples: 2, limit: 2}]}", .. more,
    ];
}
