using System.CommandLine;
using System.Text.Json;
using ParallelR1.Thinking;

namespace ParallelR1.Cli.Commands;

/// <summary><c>layout</c>: segments, positions and visibility of given tokens.</summary>
internal static class LayoutCommand
{
    private const int FlushEvery = 1 << 16;

    public static Command Create()
    {
        var lines = new LineOptions();
        var tags = new TagOptions();
        var command = new Command(
            "layout",
            "Segments, positions and visibility of given tokens.\n"
            + "Example: echo '{\"id\": 1, \"ids\": [16, 659, 657, 19, 658, 657, 24, 658, 660, 661, 28, 662], \"prompt_length\": 1}' | parallel-r1 layout --model assets/mini-base");
        tags.AddTo(command);
        lines.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var ids = tags.Resolve(parsed);
            return Task.FromResult(lines.RunStreamed(
                parsed,
                value =>
                {
                    var line = TokenLine.Read(value);
                    var layout = TraceLayout.Read(line.Ids, line.PromptLength, ids);
                    return (writer, _) => Write(writer, line, layout, cancellation);
                },
                cancellation));
        });
        return command;
    }

    private static void Write(Utf8JsonWriter writer, TokenLine line, TraceLayout layout, CancellationToken cancellation)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("id");
        if (line.Id is null)
            writer.WriteNullValue();
        else
            line.Id.WriteTo(writer);
        writer.WriteStartArray("positions");
        foreach (var position in layout.Positions)
            writer.WriteNumberValue(position);
        writer.WriteEndArray();
        writer.WriteStartArray("segments");
        foreach (var segment in layout.Segments)
            Write(writer, segment);
        writer.WriteEndArray();
        writer.WriteStartArray("hidden");
        foreach (var range in layout.Hidden())
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(range.RowStart);
            writer.WriteNumberValue(range.RowEnd);
            writer.WriteNumberValue(range.ColumnStart);
            writer.WriteNumberValue(range.ColumnEnd);
            writer.WriteEndArray();
            // The list can be far longer than the tokens (nesting): what is written must not wait in memory.
            if (writer.BytesPending < FlushEvery)
                continue;
            cancellation.ThrowIfCancellationRequested();
            writer.Flush();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Segment segment)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", segment.Kind switch
        {
            SegmentKind.Prompt => "prompt",
            SegmentKind.Main => "main",
            SegmentKind.Path => "path",
            _ => "summary",
        });
        writer.WriteNumber("block", segment.Block);
        writer.WriteNumber("path", segment.Path);
        writer.WriteNumber("start", segment.Start);
        writer.WriteNumber("end", segment.End);
        writer.WriteEndObject();
    }
}
