using System.CommandLine;
using System.Text.Json.Nodes;
using ParallelR1.IO;
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
        var json = new Option<bool>("--json") { Description = "print the result as one JSON object" };
        var command = new Command("init-tags", "Adds the six tags to a model. Example: parallel-r1 model init-tags --model qwen3 --out qwen3-tags (after parallel-r1 model pull Qwen/Qwen3-0.6B --out qwen3)") { model, output, seed, json };
        command.SetAction((parsed, cancellation) =>
        {
            var folder = parsed.GetValue(output)!;
            ModelWarnings.Print(ModelInfo.Read(parsed.GetValue(model)!).Warnings);
            var ids = TagInitializer.Run(parsed.GetValue(model)!, folder, parsed.GetValue(seed), cancellation);
            var tags = ids.OrderBy(t => t.Key).Select(t => (Tag: t.Key.Text(), Id: t.Value)).ToList();
            Console.WriteLine(parsed.GetValue(json)
                ? new JsonObject { ["path"] = folder, ["tags"] = new JsonObject(tags.Select(t => KeyValuePair.Create(t.Tag, (JsonNode?)t.Id))) }.ToJsonString(JsonLines.Options)
                : $"{folder}: {string.Join(", ", tags.Select(t => $"{t.Tag} {t.Id}"))}");
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
