using System.CommandLine;
using ParallelR1.Data.Hub;

namespace ParallelR1.Cli.Commands;

/// <summary><c>model pull</c>: downloads a model.</summary>
internal static class ModelPullCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "OWNER/NAME on the hub" };
        var output = new Option<string>("--out") { Description = "the folder to download into; created if need be", Required = true };
        var revision = new Option<string>("--revision") { Description = "branch, tag or commit", DefaultValueFactory = _ => "main" };
        var include = new Option<string[]>("--include") { Description = "only the files that match, such as '*.gguf' (default: weights as safetensors, configuration, tokenizer)" };
        var hub = new HubCommandOptions();
        var command = new Command("pull", "Downloads a model; an interrupted download is continued. Example: parallel-r1 model pull Qwen/Qwen3-0.6B --out qwen3")
        {
            name, output, revision, include,
        };
        hub.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = hub.Open(parsed);
            foreach (var file in await DownloadAsync().ConfigureAwait(false))
                Console.Out.WriteLine($"{file}: {new FileInfo(file).Length:N0} bytes");
            return ExitCode.Done;

            async Task<IReadOnlyList<string>> DownloadAsync()
            {
                using var observer = hub.Observer(parsed);
                return await SetDownload.ModelAsync(
                    client,
                    parsed.GetValue(name)!,
                    parsed.GetValue(revision)!,
                    parsed.GetValue(output)!,
                    parsed.GetValue(include) ?? [],
                    observer,
                    cancellation).ConfigureAwait(false);
            }
        });
        return command;
    }
}
