using System.Text.Json.Nodes;
using ParallelR1.Cli;
using ParallelR1.IO;

namespace ParallelR1.Tests.Cli;

/// <summary>A folder with a small model, and commands run in it.</summary>
public sealed class CommandFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CommandFolder() => RandomModelFolder.Write(_folder["model"]);

    public string this[string name] => _folder[name];

    /// <summary>Runs <c>NAME --model model --input in --output out …</c> on lines; gives the exit status and the lines written, null where no file appeared.</summary>
    public async Task<(int Status, List<JsonObject>? Lines)> RunLinesAsync(string command, string input, params string[] more)
    {
        File.WriteAllText(this["in.jsonl"], input);
        File.Delete(this["out.jsonl"]);
        string[] model = more.Contains("--model") ? [] : ["--model", this["model"]];
        var status = await CommandLineApp.RunAsync([command, .. model, "--input", this["in.jsonl"], "--output", this["out.jsonl"], .. more]);
        return (status, File.Exists(this["out.jsonl"]) ? [.. JsonLines.Read(this["out.jsonl"]).Select(l => l.Value)] : null);
    }

    public void Dispose() => _folder.Dispose();

    public static int[] Ints(JsonNode? node) => [.. node!.AsArray().Select(x => (int)x!)];

    public static float[] Floats(JsonNode? node) => [.. node!.AsArray().Select(x => (float)x!)];
}
