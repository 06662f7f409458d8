using System.Diagnostics;
using ParallelR1.Training;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Tests.EndToEnd;

/// <summary>Runs in processes of their own that are stopped by signals, and what their resumption makes of it. <c>eng/kill-test</c> takes many more moments.</summary>
public sealed class KilledRunTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private readonly TinyRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Runs_that_are_killed_at_any_moment_resume_to_the_same_bits()
    {
        var recipe = Sft();
        var whole = Whole(recipe);
        var moments = RandomKey.FromSeed(9);
        for (var kill = 0; kill < 3; kill++)
        {
            using var process = Start(kill == 0 ? Begin("killed", recipe) : Resume("killed"));
            WaitForLine("killed", 1 + moments.Next(2, kill) + 2 * kill, process);
            process.Kill();
            process.WaitForExit();
        }

        AssertEndsLike(whole, "killed");
    }

    [Theory]
    [InlineData(Signals.Interrupt)]
    [InlineData(Signals.Terminate)]
    [InlineData(Signals.HangUp)]
    public void A_run_that_is_asked_to_stop_answers_saves_and_says_how_to_go_on(int signal)
    {
        Assert.SkipWhen(Signals.IsIgnored(signal), $"signal {signal} is ignored where this runs");
        var recipe = Sft();
        var whole = Whole(recipe);
        using (var process = Start(Begin("stopped", recipe)))
        {
            WaitForLine("stopped", 2, process);
            Signals.Send(process.Id, signal);
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();

            Assert.Equal(130, process.ExitCode);
            Assert.Contains("stopping after this step, then saving; press again to stop now", error, StringComparison.Ordinal);
            Assert.Contains($"parallel-r1 sft --resume {_runs["stopped"]}", error, StringComparison.Ordinal);
        }

        AssertEndsLike(whole, "stopped");
    }

    // Long enough to be stopped in the middle, small enough for a test.
    private Recipe Sft() => _runs.Sft("f32", "sft.epochs=12", "checkpoint.every=1");

    private string Whole(Recipe recipe) => _runs.Run(recipe, SftStage.Run, "whole");

    private string[] Begin(string name, Recipe recipe)
    {
        File.WriteAllText(_runs["recipe.yaml"], RecipeFile.Write(recipe));
        return ["sft", _runs["recipe.yaml"], "--out", _runs[name]];
    }

    private string[] Resume(string name) => ["sft", "--resume", _runs[name], "--quiet"];

    private static Process Start(string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "parallel-r1.dll"), .. arguments])
        {
            RedirectStandardOutput = true, // one line, at the end
            RedirectStandardError = true,
        })!;

    private void AssertEndsLike(string whole, string name)
    {
        using (var process = Start(Resume(name)))
        {
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, error);
        }

        Assert.Equal(Weights(whole), Weights(_runs[name]));
        Assert.Equal(TinyRuns.Metrics(whole), TinyRuns.Metrics(_runs[name]));
    }

    private static byte[] Weights(string folder) => File.ReadAllBytes(Path.Combine(folder, "model", "model.safetensors"));

    private void WaitForLine(string name, int lines, Process process)
    {
        var log = Path.Combine(_runs[name], "metrics.jsonl");
        var clock = Stopwatch.StartNew();
        while (!File.Exists(log) || Lines(log) < lines)
        {
            Assert.False(process.HasExited, $"the run ended before line {lines} of its log");
            Assert.True(clock.Elapsed < s_patience, "the run does not go on");
            Thread.Sleep(5);
        }
    }

    private static int Lines(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd().Count(c => c == '\n');
    }
}
