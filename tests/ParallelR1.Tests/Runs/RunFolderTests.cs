using System.Text.Json.Nodes;
using ParallelR1.Runs;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Tests.Runs;

public sealed class RunFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static Recipe Recipe(params string[] settings) => RecipeFile.Parse("stage: rl\nmodel: {from: m}\ndata: {train: t}\n", "r.yaml", settings);

    private RunFolder Started(string name, params string[] settings)
    {
        var run = Recipe(settings).OpenRun(_folder[name], resume: false);
        try
        {
            run.Start(300);
            return run;
        }
        catch
        {
            run.Dispose();
            throw;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_killed_run_goes_on_after_its_last_checkpoint_and_forgets_the_steps_beyond_it()
    {
        using (var run = Started("run"))
        {
            for (var step = 1; step <= 5; step++)
            {
                run.Metrics.Append(step, MetricNames.Train, new JsonObject { ["loss"] = 1.0 / step });
                if (step is 2 or 4)
                    run.SaveCheckpoint(step, f => File.WriteAllText(Path.Combine(f, "state"), $"{step}"));
            }
        }

        File.AppendAllText(_folder["run/metrics.jsonl"], "{\"step\":6,\"ki");
        Directory.CreateDirectory(_folder["run/checkpoints/.step-6.partial"]);

        Directory.CreateDirectory(_folder["run/rollouts"]);
        File.WriteAllText(_folder["run/rollouts/step-6.jsonl.12-ab.partial"], "");
        using var again = Recipe().OpenRun(_folder["run"], resume: true);
        again.Start(300);

        Assert.Equal(4, again.ResumedStep);
        Assert.Empty(Directory.GetFiles(_folder["run/rollouts"]));
        Assert.Equal("4", File.ReadAllText(Path.Combine(again.ResumedCheckpoint!, "state")));
        Assert.Equal([1, 2, 3, 4], MetricsLog.Read(_folder["run/metrics.jsonl"]).Select(l => MetricsLog.StepOf(l)!.Value));
        Assert.False(Directory.Exists(_folder["run/checkpoints/.step-6.partial"]));
    }

    [Fact]
    public void A_link_in_place_of_the_model_is_followed_and_stays()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege there");
        Directory.CreateDirectory(_folder["disk"]);
        using var run = Started("run");
        Directory.CreateSymbolicLink(run.ModelPath, _folder["disk/model"]);

        run.WriteModel(folder => File.WriteAllText(Path.Combine(folder, "config.json"), "first"));
        run.WriteModel(folder => File.WriteAllText(Path.Combine(folder, "config.json"), "second"));

        Assert.NotNull(new DirectoryInfo(run.ModelPath).LinkTarget);
        Assert.Equal("second", File.ReadAllText(_folder["disk/model/config.json"]));
        Assert.Equal([_folder["disk/model"]], Directory.GetFileSystemEntries(_folder["disk"]));
    }

    [Fact]
    public void What_a_killed_process_left_where_a_link_leads_is_cleared_up()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege there");
        using (var run = Started("run"))
        {
            Directory.CreateDirectory(_folder["disk/.model.partial"]);
            Directory.CreateDirectory(_folder["disk/.model.former"]);
            Directory.CreateSymbolicLink(run.ModelPath, _folder["disk/model"]);
        }

        using var again = Recipe().OpenRun(_folder["run"], resume: true);

        Assert.Equal([_folder["disk/model"]], Directory.GetFileSystemEntries(_folder["disk"]));
    }

    [Fact]
    public void A_disk_that_is_full_at_the_first_log_line_is_said_once()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "there is no /dev/full here");
        using var log = new MetricsLog("/dev/full");

        Assert.Contains("No space left", Assert.Throws<IOException>(() => log.Append(1, MetricNames.Train, new JsonObject { ["loss"] = 1 })).Message, StringComparison.Ordinal);

        log.Dispose();
    }

    [Fact]
    public void Only_the_newest_checkpoints_are_kept()
    {
        using var run = Recipe("checkpoint.keep=2").OpenRun(_folder["run"], resume: false);
        foreach (var step in new[] { 9, 10, 11, 100 })
            run.SaveCheckpoint(step, f => File.WriteAllText(Path.Combine(f, "state"), ""));

        Assert.Equal(["step-100", "step-11"], Directory.GetFileSystemEntries(_folder["run/checkpoints"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_checkpoint_that_fails_half_way_leaves_no_trace()
    {
        using var run = Recipe().OpenRun(_folder["run"], resume: false);
        run.SaveCheckpoint(1, f => File.WriteAllText(Path.Combine(f, "state"), "good"));

        Assert.Throws<IOException>(() => run.SaveCheckpoint(1, f =>
        {
            File.WriteAllText(Path.Combine(f, "state"), "half");
            throw new IOException("disk full");
        }));

        Assert.Equal("good", File.ReadAllText(_folder["run/checkpoints/step-1/state"]));
        Assert.Single(Directory.GetFileSystemEntries(_folder["run/checkpoints"]));
    }

    [Fact]
    public void A_folder_that_holds_something_is_refused()
    {
        File.WriteAllText(_folder["thing"], "");
        var other = Assert.Throws<UsageException>(() => Recipe().OpenRun(_folder.FullPath, resume: false));
        Assert.Contains("not empty; choose a new or empty --out", other.Message, StringComparison.Ordinal);

        using (var begun = Started("run"))
            begun.Metrics.Append(1, MetricNames.Train, []);
        var run = Assert.Throws<UsageException>(() => Recipe().OpenRun(_folder["run"], resume: false));
        Assert.Contains("add --resume", run.Message, StringComparison.Ordinal);

        var none = Assert.Throws<UsageException>(() => Recipe().OpenRun(_folder["none"], resume: true));
        Assert.Contains("no run to resume", none.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["none"]));
    }

    [Fact]
    public void Two_runs_do_not_share_a_folder()
    {
        using var first = Recipe().OpenRun(_folder["run"], resume: false);

        var unstarted = Assert.Throws<UsageException>(() => Recipe().OpenRun(_folder["run"], resume: false));
        first.Start(300);
        var started = Assert.Throws<UsageException>(() => Recipe().OpenRun(_folder["run"], resume: true));

        Assert.All([unstarted, started], error => Assert.Contains("another run is at work", error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_that_may_not_be_written_is_refused_with_a_remedy()
    {
        // A folder in the lock's place is refused by the system as a missing permission is, to every user.
        Directory.CreateDirectory(_folder["run/.lock"]);

        var error = Assert.Throws<UsageException>(() => Recipe().OpenRun(_folder["run"], resume: false));

        Assert.Contains("this user may not write here; choose another --out", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_resume_may_raise_the_steps_but_not_change_the_learning()
    {
        using (var begun = Started("run", "rl.steps=3"))
            begun.SaveCheckpoint(3, _ => { });

        var error = Assert.Throws<UsageException>(() => Recipe("rl.clip_high=0.28").OpenRun(_folder["run"], resume: true));
        Assert.Contains("rl.clip_high: 0.2, the recipe given now 0.28", error.Message, StringComparison.Ordinal);

        using var run = Recipe("rl.steps=5", "checkpoint.every=1").OpenRun(_folder["run"], resume: true);
        run.Start(5);
        Assert.Contains("steps: 5", File.ReadAllText(_folder["run/recipe.yaml"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_resume_with_nothing_left_to_do_says_so()
    {
        using (var run = Started("run", "rl.steps=3"))
        {
            run.SaveCheckpoint(3, _ => { });
            run.WriteModel(_ => { });
        }

        using var again = Recipe("rl.steps=3").OpenRun(_folder["run"], resume: true);

        var error = Assert.Throws<UsageException>(() => again.RequireWork(3));
        Assert.Contains("nothing left to do: step 3 of 3", error.Message, StringComparison.Ordinal);
        Assert.Throws<UsageException>(() => again.RequireWork(2));
        again.RequireWork(4);
    }

    [Fact]
    public void A_run_without_checkpoints_that_is_done_has_nothing_left_to_do_either()
    {
        using (var run = Started("run"))
        {
            run.Metrics.Append(3, MetricNames.Train, []);
            run.WriteModel(_ => { });
        }

        using var again = Recipe().OpenRun(_folder["run"], resume: true);

        Assert.Throws<UsageException>(() => again.RequireWork(3));
    }

    [Fact]
    public void A_run_that_was_killed_before_its_model_was_written_still_has_that_to_do()
    {
        using (var run = Started("run"))
            run.SaveCheckpoint(3, _ => { });

        using var again = Recipe().OpenRun(_folder["run"], resume: true);

        again.Start(3);
        Assert.Equal(3, again.ResumedStep);
    }

    [Fact]
    public void A_longer_run_takes_away_the_model_of_the_shorter_one()
    {
        using (var run = Started("run"))
        {
            run.SaveCheckpoint(3, _ => { });
            run.WriteModel(_ => { });
        }

        using var again = Recipe().OpenRun(_folder["run"], resume: true);
        again.Start(5);

        Assert.False(Directory.Exists(again.ModelPath));
    }

    [Fact]
    public void A_run_that_cannot_start_leaves_nothing_behind()
    {
        Recipe().OpenRun(_folder["runs/first"], resume: false).Dispose();

        Assert.Empty(Directory.GetFileSystemEntries(_folder.FullPath));
    }

    [Fact]
    public void A_run_that_ended_in_its_first_step_can_be_started_again()
    {
        Started("run").Dispose();

        Started("run").Dispose();

        File.Delete(_folder["run/metrics.jsonl"]);
        Assert.Throws<UsageException>(() => Started("run"));
    }

    [Fact]
    public void A_checkpoint_that_was_being_replaced_comes_back()
    {
        using (var run = Started("run"))
            run.SaveCheckpoint(3, f => File.WriteAllText(Path.Combine(f, "state"), "whole"));
        Directory.Move(_folder["run/checkpoints/step-3"], _folder["run/checkpoints/.step-3.former"]);
        Directory.CreateDirectory(_folder["run/checkpoints/.step-3.partial"]);
        Directory.CreateDirectory(_folder["run/checkpoints/.step-2.leaving"]);

        using var again = Recipe().OpenRun(_folder["run"], resume: true);

        Assert.Equal("whole", File.ReadAllText(Path.Combine(again.ResumedCheckpoint!, "state")));
        Assert.Single(Directory.GetFileSystemEntries(_folder["run/checkpoints"]));
    }

    [Fact]
    public void A_resumed_run_keeps_the_type_that_was_measured_at_its_start()
    {
        Started("run", "model.dtype=bf16").Dispose();

        Assert.Equal(DtypeChoice.Bf16, Recipe("model.dtype=auto").WithDtypeOf(_folder["run"]).Model.Dtype);
        Assert.Equal(DtypeChoice.F32, Recipe("model.dtype=f32").WithDtypeOf(_folder["run"]).Model.Dtype);
        Assert.Equal(DtypeChoice.Auto, Recipe("model.dtype=auto").WithDtypeOf(_folder["none"]).Model.Dtype);
    }

    [Fact]
    public void Figures_that_are_not_finite_are_logged_as_null()
    {
        using (var log = new MetricsLog(_folder["m.jsonl"]))
            log.Append(1, MetricNames.Train, new JsonObject { ["loss"] = double.NaN, ["seconds"] = new JsonObject { ["train"] = double.PositiveInfinity, ["rollout"] = 2 } });

        Assert.Equal("{\"step\":1,\"kind\":\"train\",\"loss\":null,\"seconds\":{\"train\":null,\"rollout\":2}}\n", File.ReadAllText(_folder["m.jsonl"]));
    }

    [Fact]
    public void A_damaged_line_in_the_middle_of_the_log_is_an_error()
    {
        File.WriteAllText(_folder["m.jsonl"], "{\"step\":1}\n{\"st\n{\"step\":3}\n");

        var error = Assert.Throws<InputException>(() => MetricsLog.Read(_folder["m.jsonl"]));

        Assert.Contains("m.jsonl:2", error.Message, StringComparison.Ordinal);
    }
}
