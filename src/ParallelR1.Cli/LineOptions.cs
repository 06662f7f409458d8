using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using ParallelR1.Cli.Output;
using ParallelR1.IO;

namespace ParallelR1.Cli;

/// <summary>
/// <c>[--input F] [--output F] [--skip-bad] [--quiet]</c>: the options of every command that maps JSON lines to JSON lines, and the loop itself.
/// Left out, or <c>-</c>: standard input and output.
/// </summary>
internal sealed class LineOptions
{
    private const string Standard = "-";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    public Option<string?> Input { get; } = new("--input") { Description = "JSON Lines to read (default, and -: standard input)", HelpName = "F" };

    public Option<string?> Output { get; } = new("--output") { Description = "JSON Lines to write; a file appears whole or not at all (default, and -: standard output)", HelpName = "F" };

    public Option<bool> SkipBad { get; } = new("--skip-bad") { Description = "pass over bad lines instead of stopping at the first" };

    public Option<bool> Quiet { get; } = new("--quiet") { Description = "no progress" };

    public void AddTo(Command command)
    {
        command.Add(Input);
        command.Add(Output);
        command.Add(SkipBad);
        command.Add(Quiet);
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
        var skipBad = parsed.GetValue(SkipBad);
        int bad = 0, total = 0;
        using var input = OpenInput(parsed);
        using var output = OpenOutput(parsed);
        using var observer = ProgressObserver.Create(parsed.GetValue(Quiet));
        var (begun, shown) = (Stopwatch.GetTimestamp(), 0L);
        foreach (var (line, utf8) in input.Lines(cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            Report();
            total++;
            try
            {
                JsonLines.Write(output.Stream, Map(input.Name, line, utf8.Span, map));
                output.Pass();
            }
            catch (InputException) when (skipBad)
            {
                bad++;
            }
        }

        output.Commit();
        observer.Dispose();
        if (skipBad)
            Console.Error.WriteLine($"skipped {bad} of {total}");
        return ExitCode.Done;

        void Report()
        {
            // What is done in a moment needs no progress.
            if (Stopwatch.GetElapsedTime(begun) < s_patience || (shown != 0 && Stopwatch.GetElapsedTime(shown) < s_pause))
                return;
            shown = Stopwatch.GetTimestamp();
            observer.Report(new RunProgress("lines", total, 0));
        }
    }

    /// <summary>
    /// Streams the lines in bounded batches, for work that is faster on many at once. Results are written in the order of the lines. A batch
    /// begins when it is full, or when a pipe has no more lines for the moment.
    /// </summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="read">Checks a line; what it throws as <see cref="InputException"/> gets file and line in front.</param>
    /// <param name="weigh">Size of a line.</param>
    /// <param name="most">Lines and sizes of a batch at most (one line is always taken).</param>
    /// <param name="map">Does the work; a result for each line.</param>
    /// <param name="cancellation">Stops between lines.</param>
    public int RunBatched<T>(
        ParseResult parsed,
        Func<JsonObject, T> read,
        Func<T, long> weigh,
        (int Lines, long Size) most,
        Func<IReadOnlyList<T>, IEnumerable<Action<Utf8JsonWriter, JsonSerializerOptions?>>> map,
        CancellationToken cancellation)
    {
        var skipBad = parsed.GetValue(SkipBad);
        int bad = 0, total = 0;
        var begun = 0L;
        var batch = new List<T>();
        long size = 0;
        using var input = OpenInput(parsed);
        using var output = OpenOutput(parsed);
        foreach (var (line, utf8) in input.Lines(cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            total++;
            try
            {
                batch.Add(Map(input.Name, line, utf8.Span, read));
                size += weigh(batch[^1]);
            }
            catch (InputException) when (skipBad)
            {
                bad++;
            }

            if (batch.Count == 1)
                begun = Stopwatch.GetTimestamp();
            if (batch.Count >= most.Lines || size >= most.Size || (batch.Count > 0 && input.IsIdle(Stopwatch.GetElapsedTime(begun))))
                Flush();
        }

        if (batch.Count > 0)
            Flush();
        output.Commit();
        if (skipBad)
            Console.Error.WriteLine($"skipped {bad} of {total}");
        return ExitCode.Done;

        void Flush()
        {
            foreach (var result in map(batch))
            {
                JsonLines.Write(output.Stream, result);
                output.Pass();
            }

            batch.Clear();
            size = 0;
        }
    }

    private LineInput OpenInput(ParseResult parsed) => LineInput.Open(parsed.GetValue(Input) is { } file && file != Standard ? file : null, parsed.GetValue(Quiet));

    private PendingFile OpenOutput(ParseResult parsed) =>
        parsed.GetValue(Output) is { } file && file != Standard ? AtomicFile.Open(file) : PendingFile.ToStandardOutput();

    private static T Map<T>(string file, int line, ReadOnlySpan<byte> utf8, Func<JsonObject, T> map)
    {
        var value = JsonLines.Parse(file, line, utf8);
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
