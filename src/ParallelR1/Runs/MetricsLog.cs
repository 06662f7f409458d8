using System.Text.Json.Nodes;
using ParallelR1.IO;

namespace ParallelR1.Runs;

/// <summary>
/// The log <c>metrics.jsonl</c>: one JSON object per line, flushed immediately, so that nothing is lost if the process is killed.
/// Not thread-safe.
/// </summary>
public sealed class MetricsLog : IDisposable
{
    private readonly FileStream _stream;

    /// <summary>Opens the log for appending.</summary>
    /// <param name="path">The file; created if it does not exist.</param>
    /// <param name="keepThrough">The last step to keep: lines of later steps and an incomplete last line are removed first, as they will be written again.</param>
    internal MetricsLog(string path, int? keepThrough = null)
    {
        if (keepThrough is { } step && File.Exists(path))
            CutAfter(path, step);
        // Without a buffer: what a full disk refused would be written, and refused, again when the log is closed.
        _stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    /// <summary>Appends a line; <paramref name="step"/> and <paramref name="kind"/> are put in front of <paramref name="values"/>. Numbers that are not finite become null.</summary>
    internal void Append(int step, string kind, JsonObject values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var line = new JsonObject { [MetricNames.Step] = step, [MetricNames.Kind] = kind };
        foreach (var (key, value) in values)
            line[key] = Finite(value);
        using var buffer = new MemoryStream();
        JsonLines.Write(buffer, line);
        buffer.WriteTo(_stream);
        _stream.Flush();
    }

    /// <summary>Reads all lines of a log, in order; an incomplete last line is skipped.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">A line other than the last is damaged.</exception>
    public static IReadOnlyList<JsonObject> Read(string path)
    {
        var lines = JsonLines.ReadText(path).ToList();
        var values = new List<JsonObject>(lines.Count);
        foreach (var (number, text) in lines)
        {
            try
            {
                values.Add(JsonLines.Parse(path, number, text));
            }
            catch (InputException) when (number == lines[^1].Line)
            {
            }
        }

        return values;
    }

    /// <summary>Gets the step of a line, or null if it has none.</summary>
    public static int? StepOf(JsonObject line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return line[MetricNames.Step] is JsonValue value && value.TryGetValue<int>(out var step) ? step : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static void CutAfter(string path, int step)
    {
        var kept = Read(path).Where(line => StepOf(line) is not { } at || at <= step).ToList();
        AtomicFile.Write(path, stream =>
        {
            foreach (var line in kept)
                JsonLines.Write(stream, line);
        });
    }

    private static JsonNode? Finite(JsonNode? value) => value switch
    {
        JsonValue v when v.TryGetValue<double>(out var d) && !double.IsFinite(d) => null,
        JsonValue v when v.TryGetValue<float>(out var f) && !float.IsFinite(f) => null,
        JsonObject o => new JsonObject(o.Select(p => KeyValuePair.Create(p.Key, Finite(p.Value)))),
        _ => value?.DeepClone(),
    };
}
