using System.CommandLine;
using ParallelR1.Cli.Output;
using ParallelR1.Runs;
using ParallelR1.Training;
using ParallelR1.Training.Recipes;

namespace ParallelR1.Cli.Commands;

/// <summary><c>sft RECIPE</c> and <c>rl RECIPE</c>: one training stage.</summary>
internal static class StageCommand
{
    public static Command CreateSft() => Create(
        "sft", RecipeStage.Sft, "Supervised fine-tuning by a recipe. Example: parallel-r1 sft recipes/mini/sft.yaml --out runs/sft", SftStage.Run);

    public static Command CreateRl() => Create(
        "rl", RecipeStage.Rl, "Reinforcement learning by a recipe. Example: parallel-r1 rl recipes/mini/rl-s2.yaml --out runs/rl", RlStage.Run);

    private static Command Create(string name, RecipeStage stage, string description, Action<Recipe, RunFolder, IRunObserver, CancellationToken> run)
    {
        var recipe = new Argument<string?>("RECIPE") { Description = "a recipe file, or a name such as mini/sft; not needed with --resume RUN", Arity = ArgumentArity.ZeroOrOne };
        var set = new Option<string[]>("--set") { Description = "override a setting: key=value, as in optimizer.learning_rate=1e-4", AllowMultipleArgumentsPerToken = false };
        var output = new Option<string?>("--out") { Description = "the run folder (default: runs/NAME)" };
        var resume = new Option<string?>("--resume") { Description = "resume the run in the folder, alone by the recipe that is stored there", Arity = ArgumentArity.ZeroOrOne, HelpName = "RUN" };
        var seed = new Option<long?>("--seed") { Description = "replaces the recipe's seed" };
        var map = new MapOption(stage == RecipeStage.Sft ? "problem, prompt, messages, response, completion, solution" : MapOption.Problems);
        var quiet = new Option<bool>("--quiet") { Description = "no progress" };
        var type = ModelOptions.CreateType(standard: null);
        var command = new Command(name, description) { recipe, set, map.Option, output, resume, seed, type, quiet };
        command.SetAction((parsed, cancellation) =>
        {
            var (file, given, resumes) = Places(parsed.GetValue(recipe), parsed.GetValue(output), parsed.GetResult(resume) is { Implicit: false }, parsed.GetValue(resume), name);
            var loaded = RecipeFile.Load(file, [.. parsed.GetValue(set) ?? [], .. parsed.GetValue(seed) is { } s ? new[] { $"seed={s}" } : [], .. parsed.GetValue(type) is { } t ? new[] { $"model.dtype={t}" } : []]);
            if (loaded.Stage != stage)
                throw new UsageException($"{file}: a recipe for the stage '{loaded.Stage.ToString().ToLowerInvariant()}', not '{name}'; run it with that command");
            if (map.Read(parsed).Count > 0)
                loaded = loaded with { Data = loaded.Data with { Map = map.Pairs(parsed) } };
            var folder = given ?? DefaultFolder(loaded.Name);
            using var observer = ProgressObserver.Create(parsed.GetValue(quiet));
            Run(loaded, folder, resumes, observer, run, cancellation);
            Console.WriteLine(Path.Combine(folder, "model"));
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    /// <summary>Which recipe, which folder, and whether the run there is resumed. <c>--resume</c> names a run, or, as a bare switch, the run in --out.</summary>
    private static (string Recipe, string? Folder, bool Resumes) Places(string? recipe, string? output, bool resumes, string? run, string command)
    {
        if (output is not null && string.IsNullOrWhiteSpace(output))
            throw new UsageException("--out is empty; name the run folder");
        if (!resumes)
            return (recipe ?? throw new UsageException($"{command}: say which recipe, as in {command} mini/{command}, or resume a run with --resume RUN"), output, false);
        if (run is not null && !Directory.Exists(run))
        {
            // A bare --resume in front of the recipe.
            if (recipe is not null)
                throw new UsageException($"{run}: there is no run to resume here (no such folder)");
            (recipe, run) = (run, null);
        }

        if (run is not null && output is not null && Path.GetFullPath(run) != Path.GetFullPath(output))
            throw new UsageException($"--resume {run} and --out {output} name two folders; give one of them");
        var folder = run ?? output;
        if (recipe is not null)
            return (recipe, folder, true);
        if (folder is null)
            throw new UsageException("--resume: say which run, as in --resume runs/NAME");
        var stored = Path.Combine(folder, "recipe.yaml");
        return File.Exists(stored) ? (stored, folder, true) : throw new UsageException($"{folder}: there is no run to resume here (no recipe.yaml); start it with a recipe and without --resume");
    }

    private static string DefaultFolder(string name) =>
        name.IndexOfAny(['/', '\\', '\0']) < 0 && name is not ("." or "..") && name.Trim().Length > 0
            ? Path.Combine("runs", name)
            : throw new UsageException($"name: '{name}' cannot be a folder's name; change it, or say where the run goes with --out");

    private static void Run(
        Recipe recipe, string folder, bool resume, IRunObserver observer, Action<Recipe, RunFolder, IRunObserver, CancellationToken> run, CancellationToken cancellation)
    {
        Interruption.Answer = "stopping after this step, then saving; press again to stop now";
        var resolved = StageModel.Resolve(resume ? recipe.WithDtypeOf(folder) : recipe, observer);
        using var opened = resolved.OpenRun(folder, resume);
        try
        {
            run(resolved, opened, observer, cancellation);
        }
        catch (Exception e) when (opened.IsStarted && e is UnauthorizedAccessException or (IOException and not FileNotFoundException))
        {
            throw new IOException($"{e.Message}; when the folder can be written again, resume with: {opened.ResumeCommand(recipe.Stage.ToString().ToLowerInvariant())}", e);
        }
    }
}
