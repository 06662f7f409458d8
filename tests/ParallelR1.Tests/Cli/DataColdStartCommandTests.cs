using System.Diagnostics;
using System.Text.Json.Nodes;
using ParallelR1.Data.ColdStart;
using ParallelR1.IO;
using ParallelR1.Tests.Data.ColdStart;

namespace ParallelR1.Tests.Cli;

/// <summary><c>data cold-start</c> as a process of its own: exit statuses, interruption, kill.</summary>
public sealed class DataColdStartCommandTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly TemporaryFolder _folder = new();
    private TestTeacher _teacher = null!;

    private string Journal => Path.Combine(_folder["out"], ColdStartRun.JournalFile);

    public async ValueTask InitializeAsync()
    {
        _teacher = await TestTeacher.StartAsync();
        File.WriteAllLines(_folder["problems.jsonl"], TestAnswers.Problems(24).Select(p => p.ToJson().ToJsonString()));
    }

    public async ValueTask DisposeAsync()
    {
        await _teacher.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_killed_run_is_resumed_without_asking_for_an_answer_that_is_there()
    {
        Slow();
        using (var process = Start("--concurrency", "2", "--quiet"))
        {
            await UntilAsync(() => _teacher.Answered.Count >= 9, process);
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        var answered = Answers().ToHashSet();
        Assert.InRange(answered.Count, 7, 23);
        _teacher.Requests.Clear();
        _teacher.Misbehave = (_, _, _) => Task.FromResult(false);
        var (status, output, _) = await FinishAsync(Start("--resume", "--json"));

        Assert.Equal(0, status);
        Assert.Equal(24, (int?)JsonNode.Parse(output)!["total"]!["kept"]);
        Assert.Equal(24 - answered.Count, _teacher.Requests.Count);
        Assert.Equal(24, Answers().Distinct().Count());
        Assert.Equal(24, Answers().Count);
        Assert.Equal(24, File.ReadAllLines(Path.Combine(_folder["out"], ColdStartRun.ExamplesFile)).Length);
    }

    [Fact]
    public async Task Ctrl_C_ends_with_130_after_saving()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Signals.IsIgnored(Signals.Interrupt), "this process, and so its children, ignore SIGINT");
        Slow();
        using var process = Start("--concurrency", "2", "--quiet");
        await UntilAsync(() => _teacher.Answered.Count >= 5, process);
        using (var kill = Process.Start("kill", ["-INT", $"{process.Id}"]))
            await kill.WaitForExitAsync();

        var (status, _, error) = await FinishAsync(process);

        Assert.Equal(130, status);
        Assert.Contains("resume with --resume", error);
        Assert.EndsWith("interrupted", error.TrimEnd());
        // On a busy machine the two requests under way may not end within the grace time.
        Assert.InRange(Answers().Count, Math.Max(3, _teacher.Answered.Count - 2), 23);
    }

    [Fact]
    public async Task A_rejected_key_fails_with_one_clear_line()
    {
        _teacher.Misbehave = (context, _, _) =>
        {
            context.Response.StatusCode = 401;
            return Task.FromResult(true);
        };

        var (status, output, error) = await FinishAsync(Start("--quiet"));

        Assert.Equal((1, ""), (status, output));
        Assert.Contains("PARALLELR1_TEACHER_KEY", Assert.Single(error.Trim().Split('\n')));
    }

    [Theory]
    [InlineData("--samples", "0", "samples 0")]
    [InlineData("--extra", "[1]", "expected a JSON object")]
    [InlineData("--grader", "kind", "no grader 'kind'")]
    [InlineData("--key-variable", "NO_SUCH_VARIABLE", "NO_SUCH_VARIABLE")]
    public async Task Wrong_options_are_wrong_usage(string option, string value, string expected)
    {
        var (status, _, error) = await FinishAsync(Start(option, value));

        Assert.Equal(2, status);
        Assert.Contains(expected, error);
    }

    [Fact]
    public async Task The_table_has_the_yield_and_the_reasons()
    {
        _teacher.Answer = prompt => TestAnswers.Good(prompt.Contains("Basket 7 ", StringComparison.Ordinal) ? "5" : "4");

        var (status, output, _) = await FinishAsync(Start("--quiet", "--prompt-price", "1", "--completion-price", "2"));

        Assert.Equal(0, status);
        foreach (var part in new[] { "correct %", "95.8", "100.0", "wrong_answer", "self-BLEU", "cost 0.0048", "wrote 23 examples" })
            Assert.Contains(part, output);
    }

    [Fact]
    public async Task A_run_that_keeps_nothing_fails_and_says_why_most_frequent_reason_first()
    {
        _teacher.Answer = prompt => prompt.Contains("Basket 7 ", StringComparison.Ordinal) ? "4" : TestAnswers.Good("5");

        var (status, output, error) = await FinishAsync(Start("--quiet"));

        Assert.Equal(1, status);
        Assert.DoesNotContain("wrote", output);
        Assert.Contains("none of the 24 answers to 24 problems was kept: wrong_answer 23, no_block 1. ", error);
        Assert.Contains("take a stronger teacher", error);
    }

    [Fact]
    public async Task Filters_that_keep_nothing_leave_the_examples_that_are_there()
    {
        await FinishAsync(Start("--quiet"));
        var examples = File.ReadAllText(Path.Combine(_folder["out"], ColdStartRun.ExamplesFile));

        var (status, _, error) = await FinishAsync(Start("--quiet", "--resume", "--json", "--max-chars", "10"));

        Assert.Equal(1, status);
        Assert.Contains("was kept: too_long 24. ", error);
        Assert.EndsWith($"{ColdStartRun.ExamplesFile} is left as it was", error.TrimEnd());
        Assert.Equal(examples, File.ReadAllText(Path.Combine(_folder["out"], ColdStartRun.ExamplesFile)));
    }

    private void Slow() => _teacher.Misbehave = async (_, _, _) =>
    {
        await Task.Delay(200);
        return false;
    };

    private Process Start(params string[] arguments)
    {
        var info = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])[
            Path.Combine(AppContext.BaseDirectory, "parallel-r1.dll"), "data", "cold-start", "--problems", _folder["problems.jsonl"],
            "--teacher", _teacher.Endpoint, "--model", "teacher-of-tests", "--out", _folder["out"], .. arguments])
        {
            info.ArgumentList.Add(argument);
        }

        info.Environment.Remove("PARALLELR1_TEACHER_KEY");
        info.Environment["NO_PROXY"] = "127.0.0.1";
        return Process.Start(info)!;
    }

    private static async Task<(int Status, string Output, string Error)> FinishAsync(Process process)
    {
        using (process)
        {
            using var late = new CancellationTokenSource(Patience);
            var (output, error) = (process.StandardOutput.ReadToEndAsync(late.Token), process.StandardError.ReadToEndAsync(late.Token));
            await process.WaitForExitAsync(late.Token);
            return (process.ExitCode, await output, await error);
        }
    }

    private static async Task UntilAsync(Func<bool> condition, Process process)
    {
        var begun = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.False(process.HasExited, "the command ended too early");
            Assert.True(begun.Elapsed < Patience, "waited too long for the command");
            await Task.Delay(10);
        }
    }

    private List<(string Id, int Sample)> Answers() =>
        [.. JsonLines.ReadText(Journal).Skip(1)
            .Where(l => l.Text.EndsWith('}'))
            .Select(l => JsonNode.Parse(l.Text)!)
            .Select(l => ((string)l["id"]!, (int)l["sample"]!))];
}
