using System.Text.Json.Nodes;
using ParallelR1.IO;
using ParallelR1.Thinking;

namespace ParallelR1.Tests.Parity;

public sealed class LayoutParityTests
{
    [Fact]
    public void Every_case_has_the_positions_segments_and_hidden_ranges_of_the_reference()
    {
        var folder = Fixtures.Folder("layout");
        var tags = TagIds.FromFile(Path.Combine(folder, "tags.json"));
        var failures = new CaseFailures();
        foreach (var (_, value) in JsonLines.Read(Path.Combine(folder, "cases.jsonl")))
        {
            failures.Case = (string)value["id"]!;
            var layout = TraceLayout.Read(Ints(value["ids"]!), (int)value["prompt_length"]!, tags);

            failures.Compare("positions", Ints(value["positions"]!), layout.Positions.ToArray());
            failures.Compare("segments", value["segments"]!.AsArray().Select(s => ReadSegment(s!)), layout.Segments);
            failures.Compare("hidden", value["hidden"]!.AsArray().Select(h => Ints(h!)).Select(h => new HiddenRange(h[0], h[1], h[2], h[3])), layout.Hidden());
        }

        failures.Assert();
    }

    private static Segment ReadSegment(JsonNode s) => new(
        Enum.Parse<SegmentKind>((string)s["kind"]!, ignoreCase: true), (int)s["block"]!, (int)s["path"]!, (int)s["start"]!, (int)s["end"]!);

    private static int[] Ints(JsonNode node) => [.. node.AsArray().Select(x => (int)x!)];
}
