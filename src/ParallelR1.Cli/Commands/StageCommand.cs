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
        var recipe = new Argument<string>("RECIPE") { Description = "a recipe file, or a name such as mini/sft" };
        var set = new Option<string[]>("--set") { Description = "override a setting: key=value, as in optimizer.learning_rate=1e-4", AllowMultipleArgumentsPerToken = false };
        var output = new Option<string?>("--out") { Description = "the run folder (default: runs/NAME)" };
        var resume = new Option<bool>("--resume") { Description = "go on with the run in the folder" };
        var seed = new Option<long?>("--seed") { Description = "replaces the recipe's seed" };
        var quiet = new Option<bool>("--quiet") { Description = "no progress" };
        var command = new Command(name, description) { recipe, set, output, resume, seed, quiet };
        command.SetAction((parsed, cancellation) =>
        {
            var loaded = RecipeFile.Load(parsed.GetValue(recipe)!, [.. parsed.GetValue(set) ?? [], .. parsed.GetValue(seed) is { } s ? new[] { $"seed={s}" } : []]);
            if (loaded.Stage != stage)
                throw new UsageException($"{parsed.GetValue(recipe)}: a recipe for the stage '{loaded.Stage.ToString().ToLowerInvariant()}', not '{name}'; run it with that command");
            var folder = parsed.GetValue(output) ?? Path.Combine("runs", loaded.Name);
            using var observer = ProgressObserver.Create(parsed.GetValue(quiet));
            Run(loaded, folder, parsed.GetValue(resume), observer, run, cancellation);
            Console.WriteLine(Path.Combine(folder, "model"));
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static void Run(
        Recipe recipe, string folder, bool resume, IRunObserver observer, Action<Recipe, RunFolder, IRunObserver, CancellationToken> run, CancellationToken cancellation)
    {
        if (recipe.Threads is { } threads)
            ParallelR1.Torch.Runtime.Threads = threads;
        var resolved = StageModel.Resolve(resume ? recipe.WithDtypeOf(folder) : recipe);
        using var opened = resolved.OpenRun(folder, resume);
        try
        {
            run(resolved, opened, observer, cancellation);
        }
        catch (IOException e) when (opened.IsStarted && e is not FileNotFoundException)
        {
            throw new IOException($"{e.Message}; when there is room and the disk is well, go on with --resume", e);
        }
    }
}
