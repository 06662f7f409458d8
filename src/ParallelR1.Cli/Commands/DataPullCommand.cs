using System.CommandLine;
using ParallelR1.Data;
using ParallelR1.Data.Hub;

namespace ParallelR1.Cli.Commands;

/// <summary><c>data pull</c>: downloads a problem set.</summary>
internal static class DataPullCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "a known set (data list), or OWNER/NAME on the hub" };
        var output = new Option<string?>("--out") { Description = "the folder to download into (default: the download cache, where the set is then found by name)" };
        var hub = new HubCommandOptions();
        var command = new Command("pull", "Downloads a problem set; an interrupted download is continued. Example: parallel-r1 data pull gsm8k")
        {
            name,
            output,
        };
        hub.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = hub.Open(parsed);
            foreach (var file in await DownloadAsync().ConfigureAwait(false))
                Console.Out.WriteLine($"{file}: {RowFile.Count(file):N0} rows");
            return ExitCode.Done;

            async Task<IReadOnlyList<string>> DownloadAsync()
            {
                using var observer = hub.Observer(parsed);
                return await SetDownload.DatasetAsync(client, parsed.GetValue(name)!, parsed.GetValue(output), observer, cancellation).ConfigureAwait(false);
            }
        });
        return command;
    }
}
