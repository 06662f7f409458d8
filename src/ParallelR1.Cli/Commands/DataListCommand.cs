using System.CommandLine;
using System.Text.Json.Nodes;
using ParallelR1.Data;
using ParallelR1.IO;

namespace ParallelR1.Cli.Commands;

/// <summary><c>data list</c>: the sets of problems and examples known by name.</summary>
internal static class DataListCommand
{
    public static Command Create()
    {
        var check = new Option<bool>("--check") { Description = "load each set that is here and compare count and fingerprint with the recorded ones" };
        var json = new Option<bool>("--json") { Description = "print one JSON object" };
        var command = new Command("list", "The sets of problems and of examples for SFT known by name: source, licence, counts, checks. Example: parallel-r1 data list --check")
        {
            check,
            json,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var sets = KnownSets.All.Concat(ExampleSets.All).Select(s => (Set: s, Status: SetStatus.Of(s, parsed.GetValue(check), cancellation))).ToList();
            if (parsed.GetValue(json))
                Console.Out.WriteLine(new JsonObject { ["sets"] = new JsonArray([.. sets.Select(s => ToJson(s.Set, s.Status))]) }.ToJsonString(JsonLines.Options));
            else
                sets.ForEach(s => Print(s.Set, s.Status));
            return Task.FromResult(sets.Any(s => s.Status.Matches == false) ? ExitCode.Failed : ExitCode.Done);
        });
        return command;
    }

    private static void Print(KnownSet set, SetStatus status)
    {
        Console.Out.WriteLine($"{set.Name}: {set.Problems:N0} {set.Unit}, {set.Split}; {set.Description}");
        Console.Out.WriteLine($"  from {set.Origin}, {set.Licence}{(set.HubRepository is null ? "" : $"; hub: {set.HubRepository}")}");
        Console.Out.WriteLine($"  {status.Describe(set)}");
    }

    private static JsonObject ToJson(KnownSet set, SetStatus status) => new()
    {
        ["name"] = set.Name,
        ["description"] = set.Description,
        ["source"] = set.Origin,
        ["hub"] = set.HubRepository,
        ["licence"] = set.Licence,
        ["holds"] = set.Unit,
        ["teacher"] = set.Teacher,
        ["split"] = set.Split,
        ["problems"] = set.Problems,
        ["fingerprint"] = set.Fingerprint,
        ["available"] = status.IsHere,
        ["files"] = new JsonArray([.. status.Files.Select(f => JsonValue.Create(f))]),
        ["check"] = status.Matches is null ? null : new JsonObject
        {
            ["problems"] = status.Problems,
            ["fingerprint"] = status.Fingerprint,
            ["matches"] = status.Matches,
        },
    };
}
