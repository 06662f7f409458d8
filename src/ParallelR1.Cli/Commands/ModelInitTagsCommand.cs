using System.CommandLine;
using ParallelR1.Models;
using ParallelR1.Thinking;

namespace ParallelR1.Cli.Commands;

/// <summary><c>model init-tags</c>: a copy of a model that has the six tags.</summary>
internal static class ModelInitTagsCommand
{
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "folder of the model without tags", Required = true };
        var output = new Option<string>("--out") { Description = "folder to be made; must be empty or absent", Required = true };
        var seed = new Option<long>("--seed") { Description = "seed of the noise on the new rows", DefaultValueFactory = _ => 0 };
        var command = new Command("init-tags", "Adds the six tags to a model: init-tags --model models/base --out models/base-tags") { model, output, seed };
        command.SetAction((parsed, cancellation) =>
        {
            var folder = parsed.GetValue(output)!;
            var ids = TagInitializer.Run(parsed.GetValue(model)!, folder, parsed.GetValue(seed), cancellation);
            Console.WriteLine($"{folder}: {string.Join(", ", ids.OrderBy(t => t.Key).Select(t => $"{t.Key.Text()} {t.Value}"))}");
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
