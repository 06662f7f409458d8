using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using ParallelR1.IO;

namespace ParallelR1.Cli;

/// <summary><c>--input F --output F [--skip-bad]</c>: the options of every command that maps JSON lines to JSON lines, and the loop itself.</summary>
internal sealed class LineOptions
{
    public Option<string> Input { get; } = new("--input") { Description = "JSON Lines to read", Required = true };

    public Option<string> Output { get; } = new("--output") { Description = "JSON Lines to write (appears whole or not at all)", Required = true };

    public Option<bool> SkipBad { get; } = new("--skip-bad") { Description = "pass over bad lines instead of stopping at the first" };

    public void AddTo(Command command)
    {
        command.Add(Input);
        command.Add(Output);
        command.Add(SkipBad);
    }

    /// <summary>Streams every line through <paramref name="map"/>. What the map throws as <see cref="InputException"/> gets file and line in front.</summary>
    public int Run(ParseResult parsed, Func<JsonObject, JsonObject> map, CancellationToken cancellation) =>
        RunStreamed(parsed, value => map(value).WriteTo, cancellation);

    /// <summary>
    /// As <see cref="Run"/>, for results that may be too large to hold: the map checks its line and gives back what writes the result.
    /// The writer is flushed now and then by whoever writes much.
    /// </summary>
    public int RunStreamed(ParseResult parsed, Func<JsonObject, Action<Utf8JsonWriter, JsonSerializerOptions?>> map, CancellationToken cancellation)
    {
        var input = parsed.GetValue(Input)!;
        var skipBad = parsed.GetValue(SkipBad);
        int bad = 0, total = 0;
        using var output = AtomicFile.Open(parsed.GetValue(Output)!);
        foreach (var (line, text) in JsonLines.ReadText(input))
        {
            cancellation.ThrowIfCancellationRequested();
            total++;
            try
            {
                JsonLines.Write(output.Stream, Map(input, line, text, map));
            }
            catch (InputException) when (skipBad)
            {
                bad++;
            }
        }

        output.Commit();
        if (skipBad)
            Console.Error.WriteLine($"skipped {bad} of {total}");
        return ExitCode.Done;
    }

    private static Action<Utf8JsonWriter, JsonSerializerOptions?> Map(
        string file, int line, string text, Func<JsonObject, Action<Utf8JsonWriter, JsonSerializerOptions?>> map)
    {
        var value = JsonLines.Parse(file, line, text);
        try
        {
            return map(value);
        }
        catch (InputException e)
        {
            throw new InputException($"{file}:{line}: {e.Message}", e);
        }
    }
}
