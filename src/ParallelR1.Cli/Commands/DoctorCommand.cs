using System.CommandLine;
using System.Text.Json.Nodes;
using ParallelR1.Cli.Doctor;

namespace ParallelR1.Cli.Commands;

/// <summary><c>doctor</c>: what was found, what is missing or wrong, and the command that fixes it.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "one JSON object instead of lines" };
        var command = new Command("doctor", """
            Looks at the machine and at libtorch, checks that matrix products are right and fast, and says how to fix what is not.
            Example: ./parallel-r1 doctor
            """)
        {
            json,
        };
        command.SetAction(parsed => Run(Machine.Examine().Concat(Compute.Examine()), parsed.GetValue(json), Console.Out, ComputeReport.AddTo));
        return command;
    }

    /// <summary>Prints the findings; fails if something is wrong.</summary>
    public static int Run(IEnumerable<Finding> findings, bool json, TextWriter output, Action<JsonObject>? addTo = null)
    {
        var all = new List<Finding>();
        foreach (var finding in findings)
        {
            all.Add(finding);
            if (!json)
                Print(finding, output);
        }

        var wrong = all.Count(f => f.Level == FindingLevel.Wrong);
        if (json)
        {
            var report = ToJson(all);
            if (all.All(f => f is not { Name: "libtorch", Level: FindingLevel.Wrong }))
                addTo?.Invoke(report);
            output.WriteLine(report.ToJsonString(IO.JsonLines.Options));
        }

        if (wrong == 0)
            return ExitCode.Done;
        Console.Error.WriteLine($"{wrong} {(wrong == 1 ? "thing is" : "things are")} wrong; the lines with -> say how to fix them");
        return ExitCode.Failed;
    }

    private static void Print(Finding finding, TextWriter output)
    {
        output.WriteLine($"{finding.Level.ToString().ToLowerInvariant(),-6} {finding.Name,-13} {finding.Text}");
        if (finding.Remedy is not null)
            output.WriteLine($"{"",20} -> {finding.Remedy}");
    }

    private static JsonObject ToJson(IEnumerable<Finding> findings) => new()
    {
        ["ok"] = findings.All(f => f.Level != FindingLevel.Wrong),
        ["findings"] = new JsonArray([.. findings.Select(f => new JsonObject
        {
            ["name"] = f.Name,
            ["level"] = f.Level.ToString().ToLowerInvariant(),
            ["text"] = f.Text,
            ["remedy"] = f.Remedy,
        })]),
    };
}
